"""What every check says about itself: how far it is known to be true, and what it needs.

Exactly one of ``documented``, ``validated`` and ``mock_only`` stands on each check, which collection enforces. The
first line of a check's docstring is its claim: a sentence about the API that the check would notice to be false.
"""

import pytest

from ovs_contracts.targets.capabilities import Capability

PARITY = ("documented", "validated", "mock_only")


def documented(source: str) -> pytest.MarkDecorator:
    """The documents say so; nobody has seen it live yet. ``source`` says where it is written."""
    return pytest.mark.documented(source)


def validated(date: str, source: str) -> pytest.MarkDecorator:
    """Seen live on ``date``, ``2026-11-21``."""
    return pytest.mark.validated(date, source)


def mock_only(reason: str) -> pytest.MarkDecorator:
    """Can be seen on the mock only, for this reason."""
    return pytest.mark.mock_only(reason)


def needs(*powers: Capability) -> pytest.MarkDecorator:
    """Skipped, with the reason, where the target cannot do this."""
    return pytest.mark.needs(*powers)


def passes_time(seconds: float) -> pytest.MarkDecorator:
    """Lets so much of the target's time pass: an instant where the clock can be moved, waiting elsewhere."""
    return pytest.mark.passes_time(seconds)


def costs(cents: float) -> pytest.MarkDecorator:
    """What it may cost on a target that charges, at most."""
    return pytest.mark.costs(cents)


def streams(count: int) -> pytest.MarkDecorator:
    """Holds so many streams at a time, when that is more than one."""
    return pytest.mark.streams(count)


def probe(row: str) -> pytest.MarkDecorator:
    """Answers an open question, by its number or name."""
    return pytest.mark.probe(row)
