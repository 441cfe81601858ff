"""The places where two answers differ, and their text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ovs_contracts.differential.normalisation import ApproximateValue
from ovs_contracts.transport.redaction import redacted

ABSENT = "(absent)"
REFERENCE = re.compile(r"<[a-z]+ \d+>|\{s\d+\}")


@dataclass(frozen=True)
class Difference:
    """One place in the result of a step."""

    step: object
    """The step; its ``str`` is shown."""
    place: str
    """``status``, ``body.lease.ttl_seconds``, ``headers.allow``, ``messages``, ``close``…"""
    expected: object
    """What target A has there."""
    seen: object
    """What target B has there."""
    before: tuple[object, ...]
    """The steps that led there."""
    curl_a: str = ""
    curl_b: str = ""

    @property
    def kind(self) -> tuple[str, str]:
        """Differences of one kind are reported once: the same call, whatever the stream."""
        step = " ".join(str(self.step).split()[:2]).rstrip(",")
        return REFERENCE.sub("…", step), self.place

    def __str__(self) -> str:
        lines = [f"{self.step}", f"  {self.place}", f"    A: {self.expected}", f"    B: {self.seen}"]
        lines += [f"  after: {step}" for step in self.before]
        lines += [f"  {name}: {curl}" for name, curl in (("A", self.curl_a), ("B", self.curl_b)) if curl]
        return redacted("\n".join(lines))


def differences(a: Any, b: Any) -> Iterator[tuple[str, object, object]]:
    """Every place in which two normalised answers differ: its path, and both values."""
    if "status" in a and a["status"] != b.get("status"):
        # With another status nothing else is expected to be the same.
        yield "status", _answer(a), _answer(b)
    else:
        yield from _places(a, b, "")


def _answer(answer: Any) -> str:
    return f"{answer.get('status')} {str(answer.get('body'))[:200]}"


def _places(a: Any, b: Any, place: str) -> Iterator[tuple[str, object, object]]:
    match a, b:
        case dict(), dict():
            for name in dict.fromkeys([*a, *b]):
                inner = f"{place}.{name}" if place else str(name)
                yield from _places(a.get(name, ABSENT), b.get(name, ABSENT), inner)
        case list(), list() if len(a) == len(b):
            for number, (one, other) in enumerate(zip(a, b, strict=True)):
                yield from _places(one, other, f"{place}[{number}]")
        case ApproximateValue(), ApproximateValue():
            if abs(a.value - b.value) > max(a.tolerance, b.tolerance):
                yield place, a, b
        case _:
            if a != b or type(a) is not type(b):
                yield place, a, b
