"""Environment variables that lead to the API: keys and URLs are the mock's for a while."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ovs_mock.interception.hosts import normal

KEY = "OVERSHOOT_API_KEY"

_KEYS = re.compile(r"(.*_)?(OVERSHOOT|OVS)_(.*_)?KEY", re.IGNORECASE)
_PROXIES = re.compile(r"(https?|wss?|all|socks)_proxy", re.IGNORECASE)


def substitutes(environ: Mapping[str, str], hosts: frozenset[str], origin: str, key: str) -> dict[str, str]:
    """What to set, so that subprocesses too find the mock at its ``origin``, and proxies stay out of the way.

    Only what is set is replaced, but for the key: without a URL, code takes the production URL that it has built in.
    """
    changes = {KEY: key}
    for name, value in environ.items():
        if _KEYS.fullmatch(name):
            changes[name] = key
        elif (url := _moved(value, hosts, origin)) is not None:
            changes[name] = url
    if "OPENAI_BASE_URL" in changes:
        changes["OPENAI_API_KEY"] = key
    if any(_PROXIES.fullmatch(name) for name in environ):
        for name in ("no_proxy", "NO_PROXY"):
            before = environ.get(name) or environ.get(name.swapcase(), "")
            changes[name] = before if before == "*" else ",".join([*filter(None, [before]), *sorted(hosts)])
    return changes


class PatchedEnvironment:
    """Variables that are set for a while."""

    def __init__(self, changes: Mapping[str, str]) -> None:
        self._before = {name: os.environ.get(name) for name in changes}
        os.environ.update(changes)

    def restore(self) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _moved(value: str, hosts: frozenset[str], origin: str) -> str | None:
    if not value.startswith(("http://", "https://", "ws://", "wss://")):
        return None
    try:
        url = urlsplit(value)
        moved = normal(url.hostname) in hosts
    except ValueError:
        return None
    if not moved:
        return None
    at = urlsplit(origin)
    scheme = at.scheme.replace("http", "ws") if url.scheme.startswith("ws") else at.scheme
    return url._replace(scheme=scheme, netloc=at.netloc).geturl()
