"""Answers to open questions: asserted on a mock, which follows the project's decisions, and recorded elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ovs_contracts.transport.exchange import hold


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """What was seen of an open question, and what the project had decided. Both are JSON."""

    rows: Sequence[str]
    """The questions' numbers or names."""
    seen: Any
    decided: Any

    @property
    def agrees(self) -> bool:
        return bool(self.seen == self.decided)


@dataclass(slots=True)
class Probe:
    """What one check found out. ``asserts`` on a target that is known to follow the decisions."""

    rows: Sequence[str]
    asserts: bool
    answers: list[ProbeAnswer] = field(default_factory=list)

    def record(self, seen: Any, *, decided: Any) -> None:
        """Remember what was seen; a Deviation when it is not what was decided, on a mock."""
        answer = ProbeAnswer(self.rows, _as_json(seen), _as_json(decided))
        self.answers.append(answer)
        if self.asserts:
            hold(f"open question {', '.join(self.rows)}", expected=answer.decided, seen=answer.seen)


def _as_json(value: Any) -> Any:
    """As JSON would bring it back: lists for tuples, text for the keys of objects."""
    match value:
        case dict():
            return {str(key): _as_json(item) for key, item in value.items()}
        case list() | tuple():
            return [_as_json(item) for item in value]
        case _:
            return value
