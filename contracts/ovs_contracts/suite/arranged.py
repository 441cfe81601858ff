"""What checks arrange in a mock, and what is set back when they are done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ovs_contracts.targets.controls import Controls


@contextmanager
def draining(controls: Controls) -> Iterator[None]:
    """The server takes no new work."""
    controls.set_draining(draining=True)
    try:
        yield
    finally:
        controls.set_draining(draining=False)


@contextmanager
def model_status(controls: Controls, model: str, status: str) -> Iterator[None]:
    """The model is ``loading``, ``unavailable``…"""
    controls.set_model_status(model, status)
    try:
        yield
    finally:
        controls.set_model_status(model, "ready")


@contextmanager
def chats_per_second(controls: Controls, limit: int, usual: int) -> Iterator[None]:
    """A user may begin so many chats in a second."""
    controls.post("/limits", {"chats_per_second": limit})
    try:
        yield
    finally:
        controls.post("/limits", {"chats_per_second": usual})


@contextmanager
def scripted(controls: Controls, *replies: dict[str, Any]) -> Iterator[None]:
    """The model gives these replies to the next questions, one each, in this order."""
    for reply in reversed(replies):
        # What was set last goes first.
        controls.add_reply(reply, times=1)
    try:
        yield
    finally:
        controls.clear_replies()
