"""Builders for faults on calls, result sockets and streamed chats. Their last method sets the fault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

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
    ReorderMessages,
)
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

# The close codes that a server may send, and the longest reason of a close frame, in bytes.
CLOSE_CODES = range(1000, 5000)
LONGEST_REASON = 123
MOST_SKEW = 10**9


@dataclass(frozen=True, slots=True)
class RegistryAccess:
    """The registry of a mock, and how to run a function on the mock's loop from the caller's thread."""

    registry: Callable[[], FaultRegistry]
    run: Callable[[Callable[[], Any]], Any]


class FaultBuilder(ScheduleBuilder):
    """What a fault is about, and when it fires. The methods of subclasses say what it does, and set it."""

    def __init__(self, access: RegistryAccess, matcher: Matcher, schedule: FaultSchedule) -> None:
        super().__init__(schedule)
        self._access = access
        self._matcher = matcher

    def _with(self, schedule: FaultSchedule) -> Self:
        return type(self)(self._access, self._matcher, schedule)

    def _set(self, action: FaultAction) -> Fault:
        fault: Fault = self._access.run(lambda: self._access.registry().add(self._matcher, action, self._schedule))
        return fault


class CallFaultBuilder(FaultBuilder):
    """Faults on HTTP calls. Each fires once by default, on the next call that matches."""

    def status(
        self,
        status: int,
        message: str | None = None,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> Fault:
        """Respond with a status; the mock does nothing else.

        Args:
            status: The HTTP status, from 200 to 599.
            message: The message in the API's own error body for the path's version and the status; the API's usual
                message by default.
            body: A body in place of the API's: text, bytes, or anything else as JSON.
            headers: Additional response headers.
            retry_after: Value of the ``Retry-After`` header, in seconds.

        Returns:
            The fault; ``fault.used`` counts how often it has fired.

        Raises:
            FaultError: If the status is out of range, both ``message`` and ``body`` are given, or ``retry_after`` is
                negative.
        """
        if problem := check_status(status):
            raise FaultError(problem)
        if retry_after is not None:
            check_seconds(f"retry_after={retry_after!r}", retry_after)
        if message is not None and body is not None:
            raise FaultError("status() takes a message, for the API's own body, or another body, and not both")
        return self._set(RespondWithStatus(status, message, body, dict(headers or {}), retry_after))

    def reset(self) -> Fault:
        """Reset the connection; the mock does nothing else."""
        return self._set(ResetConnection())

    def lose_answer(self) -> Fault:
        """Carry out the call, and reset the connection in place of the response."""
        return self._set(LoseResponse())

    def delay(self, seconds: float) -> Fault:
        """Carry out the call at once, and send the response ``seconds`` later on the mock's clock.

        With a frozen clock the response comes when the clock is moved that far.

        Raises:
            FaultError: If ``seconds`` is negative or no finite number.
        """
        check_seconds(f"delay({seconds!r})", seconds)
        return self._set(DelayResponse(float(seconds)))

    def truncate(self) -> Fault:
        """Close the connection in the middle of the response body; of a streamed one, after the first chunk."""
        return self._set(TruncateBody())

    def malform(self) -> Fault:
        """Send a response body that is not valid JSON; of a streamed one, a malformed event after the first chunk."""
        return self._set(MalformBody())

    def skew(self, seconds: float) -> Fault:
        """Shift the instants in responses (``expires_at_ms``, ``created_at``). Fires without limit by default.

        Args:
            seconds: 30 for a clock that is 30 s ahead, -30 for one that is behind.

        Raises:
            FaultError: If ``seconds`` is no finite number, or beyond 10**9.
        """
        if not is_number(seconds) or abs(seconds) > MOST_SKEW:
            raise FaultError(f"skew({seconds!r}): expected seconds, such as 30 for a clock that is ahead, or -30")
        return self._set(SkewClock(float(seconds)))


class SocketFaultBuilder(FaultBuilder):
    """Faults on the result sockets of v0.2. Each fires once by default."""

    def close(self, code: int = 1011, reason: str = "", *, after_messages: int = 0) -> Fault:
        """Close a socket.

        Args:
            code: The close code, from 1000 to 4999.
            reason: The close reason, at most 123 bytes.
            after_messages: Close after this many more messages; 0 closes a socket that is open now, or the next one.

        Raises:
            FaultError: If the code or the count is out of range, or the reason is too long.
        """
        if code not in CLOSE_CODES:
            raise FaultError(f"close({code!r}): expected a close code from 1000 to 4999, such as 1011")
        if len(reason.encode()) > LONGEST_REASON:
            raise FaultError(
                f"close reason: expected at most {LONGEST_REASON} bytes, and it has {len(reason.encode())}"
            )
        return self._close(CloseFrame(code, reason), after_messages)

    def drop(self, *, after_messages: int = 0) -> Fault:
        """Close the connection of a socket without a close frame; ``after_messages`` as in ``close``."""
        return self._close(Abort(), after_messages)

    def silence(self) -> Fault:
        """Drop messages. Fires without limit by default."""
        return self._set(DropMessages())

    def malform(self) -> Fault:
        """Send a message that is not valid JSON."""
        return self._set(MalformMessage())

    def duplicate(self) -> Fault:
        """Send a message twice."""
        return self._set(DuplicateMessage())

    def reorder(self) -> Fault:
        """Send a message after the next one."""
        return self._set(ReorderMessages())

    def _close(self, item: CloseFrame | Abort, after_messages: int) -> Fault:
        check_count("after_messages", after_messages, 0)
        return self._set(CloseSocketAction(item, after_messages))


class ChatStreamFaultBuilder(FaultBuilder):
    """Faults on streamed chat answers. An answer with fewer chunks than ``after_chunks`` is no occasion."""

    def truncate(self, *, after_chunks: int = 1, clean: bool = False) -> Fault:
        """Close the connection in the middle of an answer.

        Args:
            after_chunks: How many chunks are sent before.
            clean: Whether the response ends as if it were complete, only without ``[DONE]``.
        """
        check_count("after_chunks", after_chunks, 0)
        return self._set(TruncateChat(after_chunks, clean=clean))

    def stall(self, seconds: float | None = None, *, after_chunks: int = 1) -> Fault:
        """Send nothing for ``seconds`` on the mock's clock after that many chunks; ``None`` stalls for ever."""
        if seconds is not None:
            check_seconds(f"stall({seconds!r})", seconds)
        check_count("after_chunks", after_chunks, 0)
        return self._set(StallChat(after_chunks, seconds))

    def malform(self, *, after_chunks: int = 1) -> Fault:
        """Send an additional event whose data is not valid JSON after that many chunks."""
        check_count("after_chunks", after_chunks, 0)
        return self._set(MalformEvent(after_chunks))

    def error(self, message: str | None = None, *, after_chunks: int = 1) -> Fault:
        """Send the API's error event and ``[DONE]`` in place of the rest, after that many chunks."""
        check_count("after_chunks", after_chunks, 0)
        return self._set(FailChat(after_chunks, message))
