"""Who may watch a stream's results."""

from collections.abc import Iterator

from ovs_mock.engine.commands import AuthenticateSocket, CloseSocket, OpenSocket
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event, SocketAccepted, SocketRejected, SocketRejection
from ovs_mock.engine.instants import micros
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.stream import Stream


class Subscribers:
    """Result sockets: those that have yet to say who they are, and those that were let in."""

    def __init__(self, world: EngineState) -> None:
        self._world = world
        self._waiting: dict[str, str] = {}
        self._watching: dict[str, Stream] = {}

    def open(self, command: OpenSocket, now: int) -> None:
        self._waiting[command.socket_id] = command.stream_id
        patience = micros(self._world.settings.first_message_seconds)
        self._world.schedule.set((Deadline.FIRST_MESSAGE, command.socket_id), now + patience)

    def authenticate(self, command: AuthenticateSocket, now: int) -> Iterator[Event]:
        stream_id = self._stop_waiting(command.socket_id)
        if stream_id is None:
            return
        if command.key is None:
            yield SocketRejected(now, command.socket_id, stream_id, SocketRejection.NO_KEY)
            return
        try:
            stream = self._world.find(command.key, stream_id)
        except CommandRejectedError as refused:
            bad_key = refused.code is ErrorCode.UNAUTHORIZED
            why = SocketRejection.BAD_KEY if bad_key else SocketRejection.STREAM_NOT_FOUND
            yield SocketRejected(now, command.socket_id, stream_id, why)
            return
        if stream.ending is not None:
            reason = stream.ending.reason
            yield SocketRejected(now, command.socket_id, stream_id, SocketRejection.STREAM_ENDED, reason)
        else:
            stream.watchers.add(command.socket_id)
            self._watching[command.socket_id] = stream
            yield SocketAccepted(now, command.socket_id, stream_id)

    def close(self, command: CloseSocket) -> None:
        self._stop_waiting(command.socket_id)
        if stream := self._watching.pop(command.socket_id, None):
            stream.watchers.discard(command.socket_id)

    def _stop_waiting(self, socket_id: str) -> str | None:
        """The stream that the socket asked for, if it has yet to say who it is."""
        self._world.schedule.cancel((Deadline.FIRST_MESSAGE, socket_id))
        return self._waiting.pop(socket_id, None)

    def late(self, socket_id: str, now: int) -> Iterator[Event]:
        yield SocketRejected(now, socket_id, self._waiting.pop(socket_id), SocketRejection.LATE)
