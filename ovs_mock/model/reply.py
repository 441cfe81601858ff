"""Scripted replies."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from http import HTTPStatus
from typing import Any, Final, get_args

from ovs_mock.engine.inference import FailureKind, FinishReason
from ovs_mock.model.json_text import json_text, shown
from ovs_mock.model.scripted_tool_calls import GivenCall, ScriptedToolCall, wanted_call


class _Absent:
    def __repr__(self) -> str:
        return "(none)"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the model: a ``text``, a value to send as ``json``, ``tool_calls``, or an ``error``.

    With none of these, the model says what it would have said by itself. Calls of tools may come with a text: each is
    a name and arguments, such as ``("get_weather", {"city": "Oslo"})``, or a name alone, for arguments that are made up
    but valid. An error makes a result that is not ok, or a chat that fails; ``blocked``, ``upstream`` and ``timeout``
    make the errors that chats tell apart.

    ``finish_reason`` is ``stop`` or ``tool_calls``, or ``length`` when the reply was truncated, unless one is given.
    ``latency``, until the reply comes or begins to come, is in seconds of the mock's clock, and so are the seconds of
    ``tokens_per_second``, the pace of a streamed text. Raises TypeError and ValueError for what cannot be sent.
    """

    text: str | None = None
    _: KW_ONLY
    json: Any = ABSENT
    tool_calls: Sequence[GivenCall] = ()
    error: str | None = None
    kind: FailureKind = FailureKind.MODEL
    upstream_status: int | None = None
    finish_reason: FinishReason | None = None
    latency: float | None = None
    tokens_per_second: float | None = None

    def __post_init__(self) -> None:
        given = [name for name in ("text", "json", "error") if getattr(self, name) not in (None, ABSENT)]
        if len(given) > 1:
            raise ValueError(f"a Reply has one of text, json and error, this one has {' and '.join(given)}")
        if self.text is not None and not isinstance(self.text, str):
            raise TypeError(f"Reply(text=...) is a string, not {shown(self.text)}; values are sent with json=")
        if self.finish_reason not in (None, *get_args(FinishReason)):
            raise ValueError(f"finish_reason {self.finish_reason!r}: it is one of {', '.join(get_args(FinishReason))}")
        check_latency(self.latency)
        check_pace(self.tokens_per_second)
        self._check_failure()
        self._check_calls()
        self.content()

    @classmethod
    def blocked(cls, message: str = "The provider blocked the content.", *, latency: float | None = None) -> "Reply":
        """The provider's safety filter blocks the content."""
        return cls(error=message, kind=FailureKind.SAFETY, latency=latency)

    @classmethod
    def upstream(
        cls, status: int | None = None, body: str | Mapping[str, Any] | None = None, *, latency: float | None = None
    ) -> "Reply":
        """The provider answers with this HTTP status, of 400 and above, or with ``None`` cannot be reached at all."""
        if body is None:
            body = "The provider could not be reached." if status is None else _phrase(status)
        text = body if isinstance(body, str) else json_text(dict(body))
        return cls(error=text, kind=FailureKind.UPSTREAM, upstream_status=status, latency=latency)

    @classmethod
    def timeout(cls, message: str = "The provider took too long.", *, latency: float | None = None) -> "Reply":
        """The provider does not answer in time; ``latency`` is how long everybody waits for that."""
        return cls(error=message, kind=FailureKind.TIMEOUT, latency=latency)

    def content(self) -> str | None:
        """The text to send, ``None`` when the reply does not say."""
        return self.text if self.json is ABSENT else json_text(self.json)

    def calls(self) -> tuple[ScriptedToolCall, ...]:
        """The calls of tools to send."""
        return tuple(wanted_call(call) for call in self.tool_calls)

    @property
    def is_open(self) -> bool:
        """Whether it leaves to the model what to say."""
        return self.text is None and self.json is ABSENT and self.error is None and not self.tool_calls

    def _check_failure(self) -> None:
        if self.error is None and (self.kind is not FailureKind.MODEL or self.upstream_status is not None):
            raise ValueError("kind and upstream_status are about an error: Reply(error=..., kind=...)")
        if self.upstream_status is None:
            return
        if self.kind is not FailureKind.UPSTREAM:
            raise ValueError("upstream_status is that of a provider that fails: Reply.upstream(503)")
        if not 400 <= self.upstream_status <= 599:
            raise ValueError(f"upstream_status {self.upstream_status}: a provider fails with 400 to 599")

    def _check_calls(self) -> None:
        if isinstance(self.tool_calls, str):
            raise TypeError(f"tool_calls is a list of calls: Reply(tool_calls=[{self.tool_calls!r}])")
        if self.error is not None and self.tool_calls:
            raise ValueError("a Reply with an error calls no tools")
        self.calls()


def check_latency(seconds: float | None) -> None:
    """ValueError for a latency that cannot be."""
    if seconds is not None and seconds < 0:
        raise ValueError(f"latency {seconds}: replies cannot come before their question")


def check_pace(tokens_per_second: float | None) -> None:
    """ValueError for a pace at which nothing would ever be said."""
    if tokens_per_second is not None and not tokens_per_second > 0:
        raise ValueError(f"tokens_per_second {tokens_per_second}: a pace is above 0, or None for all at once")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
