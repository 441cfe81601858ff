"""A target by the name that a user gives it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from ovs_contracts.powers import Power
from ovs_contracts.targets.mock import can_publish, started_mock
from ovs_contracts.targets.target import Target

LIVE = "https://api.overshoot.ai"


class TargetError(Exception):
    """The target cannot be used so; the message says what to do."""


@contextmanager
def chosen(name: str, seed: int = 1, drift: str | None = None) -> Iterator[Target]:
    """``mock`` starts one for as long as this block runs, ``live`` is production, everything else a URL."""
    if name == "mock":
        with started_mock(seed, ["--drift", drift] if drift else []) as target:
            yield target
    elif drift:
        raise TargetError(f"--ovs-drift needs the mock that a run starts itself, not {name!r}")
    else:
        yield _running("live" if name == "live" else name.rstrip("/"))


def _running(name: str) -> Target:
    origin = os.environ.get("OVERSHOOT_BASE_URL", LIVE).rstrip("/") if name == "live" else name
    if not origin.startswith(("http://", "https://")):
        raise TargetError(f"{name!r} is no target: expected mock, live, or a URL such as http://127.0.0.1:8787")
    key = os.environ.get("OVERSHOOT_API_KEY")
    if not key:
        raise TargetError(f"{name} needs a key: set OVERSHOOT_API_KEY")
    second = os.environ.get("OVERSHOOT_SECOND_API_KEY")
    controlled = _has_controls(origin)
    powers = set(Power) if controlled else {Power.WEBRTC}
    if second:
        powers.add(Power.SECOND_KEY)
    if can_publish():
        powers |= {Power.FOOTAGE, Power.PUBLISH}
    return Target(
        name=name,
        origin=origin,
        api_key=key,
        second_key=second,
        powers=frozenset(powers),
        charges=not controlled,
    )


def _has_controls(origin: str) -> bool:
    """Whether this is a mock whose clock can be moved."""
    try:
        moved = httpx.post(origin + "/_mock/clock/advance", json={"seconds": 0}, timeout=10, trust_env=False)
    except httpx.HTTPError:
        return False
    return moved.status_code == 200
