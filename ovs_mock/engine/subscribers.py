"""Which sockets may receive a stream's results."""

from collections.abc import Iterable, Iterator

from ovs_mock.engine.commands import AuthenticateSocket, CloseSocket, OpenSocket
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event, SocketAccepted, SocketRejected, SocketRejection
from ovs_mock.engine.instants import micros
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Stream


class Subscribers:
    """Result sockets: those that have not sent their API key yet, and those that were accepted."""

    def __init__(self, state: EngineState) -> None:
        self._state = state
        self._unauthenticated: dict[str, str] = {}
        self._accepted: dict[str, Stream] = {}

    def open(self, command: OpenSocket, now: int) -> Iterable[Event]:
        self._unauthenticated[command.socket_id] = command.stream_id
        timeout = micros(self._state.settings.first_message_seconds)
        self._state.schedule.set((Deadline.FIRST_MESSAGE, command.socket_id), now + timeout)
        return ()

    def authenticate(self, command: AuthenticateSocket, now: int) -> Iterator[Event]:
        stream_id = self._forget_unauthenticated(command.socket_id)
        if stream_id is None:
            return
        if command.key is None:
            yield SocketRejected(now, command.socket_id, stream_id, SocketRejection.NO_KEY)
            return
        try:
            stream = self._state.find(command.key, stream_id)
        except CommandRejectedError as error:
            bad_key = error.code is ErrorCode.UNAUTHORIZED
            rejection = SocketRejection.BAD_KEY if bad_key else SocketRejection.STREAM_NOT_FOUND
            yield SocketRejected(now, command.socket_id, stream_id, rejection)
            return
        if stream.ending is not None:
            reason = stream.ending.reason
            yield SocketRejected(now, command.socket_id, stream_id, SocketRejection.STREAM_ENDED, reason)
        else:
            stream.subscribers.add(command.socket_id)
            self._accepted[command.socket_id] = stream
            yield SocketAccepted(now, command.socket_id, stream_id)

    def close(self, command: CloseSocket) -> Iterable[Event]:
        self._forget_unauthenticated(command.socket_id)
        if stream := self._accepted.pop(command.socket_id, None):
            stream.subscribers.discard(command.socket_id)
        return ()

    def _forget_unauthenticated(self, socket_id: str) -> str | None:
        """Stop waiting for the socket's API key; the id of its stream, if it was waiting."""
        self._state.schedule.cancel((Deadline.FIRST_MESSAGE, socket_id))
        return self._unauthenticated.pop(socket_id, None)

    def first_message_late(self, socket_id: str, now: int) -> Iterator[Event]:
        yield SocketRejected(now, socket_id, self._unauthenticated.pop(socket_id), SocketRejection.LATE)
