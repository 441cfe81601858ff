"""Environment variables that lead to the API: during an interception they hold the mock's key and URLs."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ovs_mock.interception.hosts import normalize_host

KEY = "OVERSHOOT_API_KEY"

_KEYS = re.compile(r"(.*_)?(OVERSHOOT|OVS)_(.*_)?KEY", re.IGNORECASE)
_PROXIES = re.compile(r"(https?|wss?|all|socks)_proxy", re.IGNORECASE)


def environment_changes(environ: Mapping[str, str], hosts: frozenset[str], origin: str, key: str) -> dict[str, str]:
    """The variables to set so that subprocesses find the mock at its ``origin`` and use no proxy for its ``hosts``.

    Only variables that are set are replaced, except for the key, which is always set: code without a URL in its
    environment uses the production URL that it has built in, and subprocesses then need a key that the mock knows.
    """
    changes = {KEY: key}
    for name, value in environ.items():
        if _KEYS.fullmatch(name):
            changes[name] = key
        elif (url := _redirected(value, hosts, origin)) is not None:
            changes[name] = url
    if "OPENAI_BASE_URL" in changes:
        changes["OPENAI_API_KEY"] = key
    if any(_PROXIES.fullmatch(name) for name in environ):
        for name in ("no_proxy", "NO_PROXY"):
            before = environ.get(name) or environ.get(name.swapcase(), "")
            changes[name] = before if before == "*" else ",".join([*filter(None, [before]), *sorted(hosts)])
    return changes


class PatchedEnvironment:
    """Sets variables, and restores them."""

    def __init__(self, changes: Mapping[str, str]) -> None:
        self._before = {name: os.environ.get(name) for name in changes}
        os.environ.update(changes)

    def restore(self) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _redirected(value: str, hosts: frozenset[str], origin: str) -> str | None:
    if not value.startswith(("http://", "https://", "ws://", "wss://")):
        return None
    try:
        url = urlsplit(value)
        redirected = normalize_host(url.hostname) in hosts
    except ValueError:
        return None
    if not redirected:
        return None
    to = urlsplit(origin)
    scheme = to.scheme.replace("http", "ws") if url.scheme.startswith("ws") else to.scheme
    return url._replace(scheme=scheme, netloc=to.netloc).geturl()
