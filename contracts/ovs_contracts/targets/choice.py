"""A target by the name that a user gives it."""

import os
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ovs_contracts.documents.versions import versions
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.mock import can_publish, start_mock
from ovs_contracts.targets.target import Target, TargetError
from ovs_contracts.transport.redaction import hide

LIVE = "https://api.overshoot.ai"
# Any key opens an account on a mock.
MOCK_KEY = "ovs-any-key-will-do"


@contextmanager
def open_target(
    name: str, seed: int = 1, mutant: str | None = None, *, ca_bundle: Path | None = None
) -> Iterator[Target]:
    """``mock`` starts one for as long as this block runs, ``live`` is production, everything else a URL."""
    if name == "mock":
        with start_mock(seed, ["--mutant", mutant] if mutant else []) as target:
            hide(target.api_key)
            yield target
    elif mutant:
        raise TargetError(f"a mutant needs the mock that a run starts itself, --target mock, not {name!r}")
    else:
        target = _running_target(name, ca_bundle)
        for key in filter(None, (target.api_key, target.second_key)):
            hide(key)
        yield target


def origin_of(name: str) -> str:
    """Where a target that already runs is: ``https://api.overshoot.ai``."""
    told = os.environ.get("OVERSHOOT_BASE_URL", LIVE) if name == "live" else name
    if not _is_address(told):
        where = "OVERSHOOT_BASE_URL is" if name == "live" else "the target is"
        raise TargetError(f"{where} {told!r}: expected mock, live, or a URL such as http://127.0.0.1:8787")
    return re.sub(rf"(/({'|'.join(map(re.escape, versions()))}))?/*$", "", told)


def _is_address(told: str) -> bool:
    try:
        url = httpx.URL(told)
    except httpx.InvalidURL:
        return False
    return url.scheme in ("http", "https") and bool(url.host) and (url.port or 0) < 65536


def ssl_context(ca_bundle: Path | None) -> ssl.SSLContext | None:
    """Whom to trust: the bundle, else that of SSL_CERT_FILE; ``None`` for the authorities that everybody trusts."""
    told = ca_bundle or os.environ.get("SSL_CERT_FILE")
    if not told:
        return None
    try:
        return ssl.create_default_context(cafile=told)
    except (OSError, ssl.SSLError) as error:
        raise TargetError(f"{told} has no certificates to trust: {error.strerror or error}") from None


def _running_target(name: str, ca_bundle: Path | None) -> Target:
    origin = origin_of(name)
    tls = ssl_context(ca_bundle) if origin.startswith("https") else None
    # Production has no controls, and is therefore not even asked.
    is_mock, controlled = (False, False) if name == "live" else _controls(origin, tls)
    second = os.environ.get("OVERSHOOT_SECOND_API_KEY") or None
    return Target(
        name="live" if name == "live" else origin,
        origin=origin,
        api_key=_key(origin, is_mock=is_mock),
        second_key=second,
        capabilities=_capabilities(controlled=controlled, second=second is not None),
        charges=not is_mock,
        tls=tls,
    )


def _key(origin: str, *, is_mock: bool) -> str:
    key = os.environ.get("OVERSHOOT_API_KEY", MOCK_KEY if is_mock else "").strip()
    if not key:
        raise TargetError(f"{origin} needs a key: set OVERSHOOT_API_KEY")
    if not re.fullmatch(r"[!-~]+", key):
        raise TargetError("OVERSHOOT_API_KEY is no key: it holds spaces, or letters that no header can")
    return key


def _capabilities(*, controlled: bool, second: bool) -> frozenset[Capability]:
    powers = set(Capability) - {Capability.PUBLISH} if controlled else {Capability.WEBRTC}
    if second:
        powers.add(Capability.SECOND_KEY)
    if can_publish():
        powers |= {Capability.FRAMES, Capability.PUBLISH}
    return frozenset(powers)


def _controls(origin: str, tls: ssl.SSLContext | None) -> tuple[bool, bool]:
    """Whether this is a mock, which costs nothing, and whether its clock can be moved."""
    try:
        with httpx.Client(verify=tls or True, timeout=10, trust_env=False) as client:
            asked = client.get(origin + "/_mock/clock")
            moved = client.post(origin + "/_mock/clock/advance", json={"seconds": 0})
    except httpx.HTTPError:
        return False, False
    return asked.status_code == 200, moved.status_code == 200
