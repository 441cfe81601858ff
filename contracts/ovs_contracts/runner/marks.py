"""The marks of checks: how a claim is known to be true, and what the check needs.

Collection requires exactly one of ``documented``, ``validated`` and ``mock_only`` on each check. The first line of a
check's docstring is its claim: a sentence about the API that the check would notice to be false.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from ovs_contracts.targets.capabilities import Capability

F = TypeVar("F", bound=Callable[..., Any])

PARITY = ("documented", "validated", "mock_only")


def documented(source: str) -> pytest.MarkDecorator:
    """The documents say so, at ``source``; nobody has seen it live yet."""
    return pytest.mark.documented(source)


def validated(date: str, source: str) -> pytest.MarkDecorator:
    """Seen live on ``date``, ``2026-11-21``."""
    return pytest.mark.validated(date, source)


def mock_only(reason: str) -> pytest.MarkDecorator:
    """Can be seen on the mock only, for this reason."""
    return pytest.mark.mock_only(reason)


def needs(*capabilities: Capability) -> pytest.MarkDecorator:
    """Skipped, with the reason, where the target lacks a capability."""
    return pytest.mark.needs(*capabilities)


def passes_time(seconds: float) -> pytest.MarkDecorator:
    """Lets so many seconds of the target's time pass: real waiting where the clock cannot be moved."""
    return pytest.mark.passes_time(seconds)


def sends_video(seconds: float, *capabilities: Capability) -> Callable[[F], F]:
    """Sends video to a stream, and lets so many seconds of the target's time pass in all."""

    def mark(check: F) -> F:
        marked: F = needs(Capability.FRAMES, *capabilities)(passes_time(seconds)(check))
        return marked

    return mark


def costs(cents: float) -> pytest.MarkDecorator:
    """What it may cost on a target that charges, at most."""
    return pytest.mark.costs(cents)


def streams(count: int) -> pytest.MarkDecorator:
    """Holds ``count`` streams at a time, when that is more than one."""
    return pytest.mark.streams(count)


def probe(row: str) -> pytest.MarkDecorator:
    """Answers an open question, by its number or name."""
    return pytest.mark.probe(row)
