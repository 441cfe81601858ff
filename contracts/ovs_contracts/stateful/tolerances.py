"""Figures that a model knows only nearly, and frames that the mock's model of pictures names."""

import re
from collections.abc import Sequence
from typing import Any

from ovs_contracts.transport.exchange import Deviation, Exchange

NAMED_FRAMES = re.compile(r"(?P<count>\d+) frames? (?P<named>#[^,]*),")
MAX_NAMED = 8


def hold_within(claim: str, seen: object, least: float, most: float, exchange: Exchange | None = None) -> None:
    """A Deviation unless the figure is one, and from ``least`` to ``most``."""
    if isinstance(seen, bool) or not isinstance(seen, int | float) or not least - 0.001 <= seen <= most + 0.001:
        raise Deviation(claim, expected=f"{least:g} to {most:g}", seen=seen, exchange=exchange)


def hold_named_frames(allowed: Sequence[tuple[Any, ...]], answer: Exchange) -> None:
    """A Deviation unless the answer names one of these lists of frames; ``("some", 3)`` is any that begins with 3."""
    said = answer.expect(200).json["choices"][0]["message"]["content"]
    found = NAMED_FRAMES.match(said)
    seen = (int(found["count"]), found["named"]) if found else said
    if not any(_fits(frames, seen) for frames in allowed):
        expected = " or ".join(str(_named(frames)) for frames in allowed) or "a refusal"
        raise Deviation("the frames that are meant", expected=expected, seen=seen, exchange=answer)


def _fits(frames: tuple[Any, ...], seen: object) -> bool:
    if frames[0] != "some":
        return _named(frames) == seen
    return isinstance(seen, tuple) and re.match(rf"#{frames[1]}\b", seen[1]) is not None


def _named(frames: tuple[Any, ...]) -> tuple[int, str]:
    """As the mock's model tells it: all, or the ends of many."""
    if len(frames) > MAX_NAMED:
        return len(frames), f"#{frames[0]} ... #{frames[-1]}"
    return len(frames), " ".join(f"#{index}" for index in frames)
