"""The words with which faults are chosen: which, when, and what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from ovs_mock.api.message_filter import Abort, CloseFrame
from ovs_mock.faults.call_faults import (
    DelayResponse,
    LoseResponse,
    MalformBody,
    ResetConnection,
    RespondWithStatus,
    SkewClock,
    TruncateBody,
    check_status,
)
from ovs_mock.faults.chat_faults import FailChat, MalformEvent, StallChat, TruncateChat
from ovs_mock.faults.fault import Fault, FaultAction, Matcher
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.faults.schedule import FaultError, FaultSchedule, ScheduleBuilder, check_count, check_seconds, is_number
from ovs_mock.faults.socket_faults import (
    CloseSocketAction,
    DropMessages,
    DuplicateMessage,
    MalformMessage,
    MessageAction,
    ReorderMessages,
)
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

T = TypeVar("T")
Do = Callable[[Callable[[], T]], T]
# What a close frame may say, and how long its reason may be, as bytes.
CLOSE_CODES = range(1000, 5000)
LONGEST_REASON = 123
MOST_SKEW = 10**9


@dataclass(frozen=True, slots=True)
class RegistryAccess:
    """How faults get to the mock: its board, and how to do something where that lives."""

    board: Callable[[], FaultRegistry]
    known: Callable[[], FaultRegistry | None]
    """The board, if there is one already."""
    do: Callable[[Callable[[], Any]], Any]


class FaultBuilder(ScheduleBuilder):
    """Something that faults are about, and when they are met. What is done comes last, and sets the fault."""

    def __init__(self, way: RegistryAccess, aim: Matcher, plan: FaultSchedule) -> None:
        self._way = way
        self._aim = aim
        self._planned = plan

    @property
    def _plan(self) -> FaultSchedule:
        return self._planned

    def _with(self, plan: FaultSchedule) -> Self:
        return type(self)(self._way, self._aim, plan)

    def _set(self, deed: FaultAction) -> Fault:
        fault: Fault = self._way.do(lambda: self._way.board().set(self._aim, deed, self._planned))
        return fault


class CallFaultBuilder(FaultBuilder):
    """Calls over HTTP."""

    def status(
        self,
        status: int,
        message: str | None = None,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> Fault:
        """Answered so, and nothing is done. The body is the API's own for the version and status.

        ``body`` is another one: text, bytes, or anything else as JSON. ``retry_after`` is in seconds.
        """
        if wrong := check_status(status):
            raise FaultError(wrong)
        if retry_after is not None:
            check_seconds(f"retry_after={retry_after!r}", retry_after)
        if message is not None and body is not None:
            raise FaultError("status() takes a message, for the API's own body, or another body, and not both")
        return self._set(RespondWithStatus(status, message, body, dict(headers or {}), retry_after))

    def reset(self) -> Fault:
        """The connection is reset, and nothing is done."""
        return self._set(ResetConnection())

    def lose_answer(self) -> Fault:
        """All is done, and the connection is reset in place of the answer: the caller cannot know."""
        return self._set(LoseResponse())

    def delay(self, seconds: float) -> Fault:
        """The answer comes so much later, on the mock's clock; with a frozen clock, when it is moved that far."""
        check_seconds(f"delay({seconds!r})", seconds)
        return self._set(DelayResponse(float(seconds)))

    def truncate(self) -> Fault:
        """The answer's body ends in the middle, and so does the connection; a streamed one behind its first chunk."""
        return self._set(TruncateBody())

    def malform(self) -> Fault:
        """The answer's body comes whole, and is no JSON; of a streamed one, the event behind its first chunk."""
        return self._set(MalformBody())

    def skew(self, seconds: float) -> Fault:
        """Instants in answers (``expires_at_ms``, ``created_at``) are so much later, or earlier. Goes on."""
        if not is_number(seconds) or abs(seconds) > MOST_SKEW:
            raise FaultError(f"skew({seconds!r}): expected seconds, such as 30 for a clock that is ahead, or -30")
        return self._set(SkewClock(float(seconds)))


class SocketFaultBuilder(FaultBuilder):
    """Result sockets of v0.2."""

    def close(self, code: int = 1011, reason: str = "", *, after_messages: int = 0) -> Fault:
        """A socket is closed: now, or when there is one; or behind so many messages from now on."""
        if code not in CLOSE_CODES:
            raise FaultError(f"close({code!r}): expected a close code from 1000 to 4999, such as 1011")
        if len(reason.encode()) > LONGEST_REASON:
            raise FaultError(
                f"close reason: expected at most {LONGEST_REASON} bytes, and it has {len(reason.encode())}"
            )
        check_count("after_messages", after_messages, 0)
        return self._set(CloseSocketAction(CloseFrame(code, reason), after_messages))

    def drop(self, *, after_messages: int = 0) -> Fault:
        """As ``close``, without a close frame."""
        check_count("after_messages", after_messages, 0)
        return self._set(CloseSocketAction(Abort(), after_messages))

    def silence(self) -> Fault:
        """Messages are lost. Goes on, unless it is told how often or between which moments."""
        return self._set(DropMessages())

    def malform(self) -> Fault:
        """A message is no JSON."""
        return self._message(MalformMessage())

    def duplicate(self) -> Fault:
        """A message comes twice."""
        return self._message(DuplicateMessage())

    def reorder(self) -> Fault:
        """A message changes places with the next one."""
        return self._message(ReorderMessages())

    def _message(self, deed: MessageAction) -> Fault:
        return self._set(deed)


class ChatStreamFaultBuilder(FaultBuilder):
    """Streamed answers of chats. An answer with fewer chunks than are said is left alone."""

    def truncate(self, *, after_chunks: int = 1, clean: bool = False) -> Fault:
        """The connection is closed behind so many chunks; ``clean``: as if all were said, but without ``[DONE]``."""
        check_count("after_chunks", after_chunks, 0)
        return self._set(TruncateChat(after_chunks, clean=clean))

    def stall(self, seconds: float | None = None, *, after_chunks: int = 1) -> Fault:
        """Nothing more comes until so much time has passed on the mock's clock; ``None`` for ever."""
        if seconds is not None:
            check_seconds(f"stall({seconds!r})", seconds)
        check_count("after_chunks", after_chunks, 0)
        return self._set(StallChat(after_chunks, seconds))

    def malform(self, *, after_chunks: int = 1) -> Fault:
        """Behind so many chunks comes an event whose data is no JSON; the rest follows."""
        check_count("after_chunks", after_chunks, 0)
        return self._set(MalformEvent(after_chunks))

    def error(self, message: str | None = None, *, after_chunks: int = 1) -> Fault:
        """The API's error event behind so many chunks, and ``[DONE]``."""
        check_count("after_chunks", after_chunks, 0)
        return self._set(FailChat(after_chunks, message))
