"""Scripted replies."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from http import HTTPStatus
from typing import Any, Final, get_args

from ovs_mock.engine.inference import FailureKind, FinishReason
from ovs_mock.model.json_text import describe_value, json_text
from ovs_mock.model.scripted_tool_calls import ScriptedToolCall, ToolCallValue, as_tool_call


class _Absent:
    def __repr__(self) -> str:
        return "(none)"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the model: a text, a value to send as JSON, calls of tools, or an error.

    A reply without any of these has the content of the model's default reply. Calls of tools may come with a text.

    Attributes:
        text: The text to send.
        json: The value to send as JSON.
        tool_calls: The tools to call: names, for arguments that the model generates, or names with arguments, such as
            ``("get_weather", {"city": "Oslo"})``.
        error: An error message. A result is not ok and carries it; a chat fails.
        kind: What kind of error it is; chats answer each with its own status. Defaults to ``FailureKind.MODEL``.
            ``blocked``, ``upstream`` and ``timeout`` make the others.
        upstream_status: The HTTP status of the provider's error, 400 to 599; ``None`` when it cannot be reached.
        finish_reason: ``"stop"``, ``"tool_calls"`` or ``"length"``; ``None``, the default, for the one that fits the
            reply, which is ``"length"`` for one that was truncated.
        latency: Seconds of the mock's clock until the reply comes, or begins to. ``None``, the default, for the
            model's latency.
        tokens_per_second: How fast a streamed text comes, on the mock's clock. ``None``, the default, for the
            model's pace.

    Raises:
        TypeError: A text is not a string, or a tool call is none.
        ValueError: More than one of text, json and error is given, or something cannot be sent.
    """

    text: str | None = None
    _: KW_ONLY
    json: Any = ABSENT
    tool_calls: Sequence[ToolCallValue] = ()
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
            raise TypeError(f"Reply(text=...) is a string, not {describe_value(self.text)}; values are sent with json=")
        if self.finish_reason not in (None, *get_args(FinishReason)):
            raise ValueError(f"finish_reason {self.finish_reason!r}: it is one of {', '.join(get_args(FinishReason))}")
        check_latency(self.latency)
        check_pace(self.tokens_per_second)
        self._check_failure()
        self._check_calls()
        self.content()

    @classmethod
    def blocked(cls, message: str = "The provider blocked the content.", *, latency: float | None = None) -> "Reply":
        """A reply that the provider's safety filter blocks.

        Args:
            message: The provider's message.
            latency: As for ``Reply``.
        """
        return cls(error=message, kind=FailureKind.SAFETY, latency=latency)

    @classmethod
    def upstream(
        cls, status: int | None = None, body: str | Mapping[str, Any] | None = None, *, latency: float | None = None
    ) -> "Reply":
        """An error of the provider.

        Args:
            status: The provider's HTTP status, 400 to 599; ``None``, the default, when it cannot be reached.
            body: The body of the provider's response; a mapping is sent as JSON. Defaults to the status's phrase.
            latency: As for ``Reply``.

        Raises:
            ValueError: The status is not 400 to 599.
        """
        if body is None:
            body = "The provider could not be reached." if status is None else _reason_phrase(status)
        text = body if isinstance(body, str) else json_text(dict(body))
        return cls(error=text, kind=FailureKind.UPSTREAM, upstream_status=status, latency=latency)

    @classmethod
    def timeout(cls, message: str = "The provider took too long.", *, latency: float | None = None) -> "Reply":
        """A provider that does not answer in time.

        Args:
            message: The error message.
            latency: Seconds of the mock's clock that the client waits. ``None``, the default, for the model's latency.
        """
        return cls(error=message, kind=FailureKind.TIMEOUT, latency=latency)

    def content(self) -> str | None:
        """The text to send; ``None`` when there is none."""
        return self.text if self.json is ABSENT else json_text(self.json)

    def calls(self) -> tuple[ScriptedToolCall, ...]:
        """The calls of tools to send."""
        return tuple(as_tool_call(call) for call in self.tool_calls)

    @property
    def is_default(self) -> bool:
        """Whether the content is the model's default."""
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
    """ValueError for a negative latency."""
    if seconds is not None and seconds < 0:
        raise ValueError(f"latency {seconds}: replies cannot come before their question")


def check_pace(tokens_per_second: float | None) -> None:
    """ValueError for a pace that is not above 0."""
    if tokens_per_second is not None and not tokens_per_second > 0:
        raise ValueError(f"tokens_per_second {tokens_per_second}: a pace is above 0, or None for all at once")


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
