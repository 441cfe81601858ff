"""Every call of v0.2 that wants a key, as a table for checks that hold for all of them."""

from collections.abc import Callable
from typing import Any

from ovs_contracts.client.v02 import PREFIX, V02Client, frames_every
from ovs_contracts.transport.exchange import Exchange

Send = Callable[..., Exchange]
"""A call with the id of a stream; takes ``key`` and ``headers``."""


def _rated(v02: V02Client, stream_id: str, **more: Any) -> Exchange:
    return v02.feedback(stream_id, {"rating": 7, "category": "accuracy"}, **more)


def _made(v02: V02Client, _: str, **more: Any) -> Exchange:
    return v02.create(frames_every(1.0), **more)


OF_A_STREAM: dict[str, Callable[..., Exchange]] = {
    "keepalive": V02Client.keepalive,
    "prompt": lambda v02, stream_id, **more: v02.prompt(stream_id, "Count the cars.", **more),
    "info": V02Client.info,
    "spectate": V02Client.spectate,
}
"""Calls about a running stream; ``DELETE`` is apart, as it knows streams that ran before."""

ALL: dict[str, Callable[..., Exchange]] = {
    **OF_A_STREAM,
    "delete": V02Client.delete,
    "give feedback": _rated,
    "create": _made,
    "list feedback": lambda v02, _, **more: v02.list_feedback(**more),
    "models": lambda v02, _, **more: v02.models(**more),
    "reinfer": lambda v02, _, **more: v02.reinfer("res_nothing", **more),
}
"""Every call that wants a key."""

PATHS: dict[str, tuple[str, str]] = {
    "create": ("POST", PREFIX + "/streams"),
    "keepalive": ("POST", PREFIX + "/streams/{}/keepalive"),
    "prompt": ("PATCH", PREFIX + "/streams/{}/config/prompt"),
    "info": ("GET", PREFIX + "/streams/{}/info"),
    "delete": ("DELETE", PREFIX + "/streams/{}"),
    "models": ("GET", PREFIX + "/models"),
    "reinfer": ("POST", PREFIX + "/chat/completions/clip"),
}
"""What browsers call, with a place for the id of a stream."""
