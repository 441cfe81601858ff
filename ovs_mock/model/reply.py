"""Scripted replies, and what may stand for one."""

import json as jsonlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, TypeAlias, cast, get_args

from ovs_mock.engine.inference import FinishReason
from ovs_mock.model.question import Question


class _Absent:
    def __repr__(self) -> str:
        return "(none)"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the model: a ``text``, a value to send as ``json``, or an ``error``.

    With none of the three, the model says what it would have said by itself. An error makes a result that is not ok.
    ``finish_reason`` is ``stop``, or ``length`` when the text was truncated, unless one is given. ``latency`` is in
    seconds, of the mock's clock. Raises TypeError and ValueError for what cannot be sent.
    """

    text: str | None = None
    _: KW_ONLY
    json: Any = ABSENT
    error: str | None = None
    finish_reason: FinishReason | None = None
    latency: float | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("text", "json", "error") if getattr(self, name) not in (None, ABSENT)]
        if len(given) > 1:
            raise ValueError(f"a Reply has one of text, json and error, this one has {' and '.join(given)}")
        if self.text is not None and not isinstance(self.text, str):
            raise TypeError(f"Reply(text=...) is a string, not {_shown(self.text)}; values are sent with json=")
        if self.finish_reason not in (None, *get_args(FinishReason)):
            raise ValueError(f"finish_reason {self.finish_reason!r}: it is one of {', '.join(get_args(FinishReason))}")
        if self.latency is not None and self.latency < 0:
            raise ValueError(f"latency {self.latency}: replies cannot come before their question")
        self.content()

    def content(self) -> str | None:
        """The text to send, ``None`` when the reply does not say."""
        return self.text if self.json is ABSENT else json_text(self.json)


Scripted: TypeAlias = str | Mapping[str, Any] | list[Any] | Reply
"""What may be given for a reply: its text, an object or a list to send as JSON, or a Reply."""

Replier: TypeAlias = Callable[[Question], Scripted | Awaitable[Scripted]]
"""A function that replies. A plain one runs on a thread of its own; a coroutine runs on the server's event loop."""


def json_text(value: object) -> str:
    """A value as compact JSON. ValueError for one that JSON cannot express."""
    try:
        return jsonlib.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{_shown(value)} cannot be sent as JSON: {error}") from None


def as_reply(value: object) -> Reply:
    """The Reply that ``value`` stands for. TypeError when it can be none."""
    if isinstance(value, Reply):
        return value
    if isinstance(value, str):
        return Reply(value)
    if isinstance(value, Mapping | list):
        return Reply(json=dict(value) if isinstance(value, Mapping) else value)
    raise TypeError(
        f"{_shown(value)} is no reply: give a string, a dict or a list to send as JSON, or a Reply{_hint(value)}"
    )


def as_scripted(value: object) -> "Reply | Replier":
    """The Reply that ``value`` stands for, or the function that will make one. TypeError when it is neither."""
    if callable(value) and not isinstance(value, type):
        return cast("Replier", value)
    try:
        return as_reply(value)
    except TypeError as error:
        raise TypeError(f"{error}, or a function that takes the question and returns one of these") from None


def _hint(value: object) -> str:
    return f" such as Reply(json={value!r})" if value is None or isinstance(value, bool | int | float) else ""


def _shown(value: object) -> str:
    shown = repr(value)
    return f"{shown if len(shown) <= 60 else shown[:57] + '...'} (a {type(value).__name__})"
