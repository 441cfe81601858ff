"""v0.2: who may watch results."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ovs_mock.api.message_filter import CloseFrame
from ovs_mock.engine.commands import AuthenticateSocket, OpenSocket
from ovs_mock.engine.events import Event, SocketAccepted, SocketRejected, SocketRejection
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import Deadline
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.engines import EngineStep, MutantEngine, on_command, on_deadline
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.message_filters import SOCKET, close_frames
from ovs_mock.mutants.responses import respond

AREA = Area("v02/socket")
REFUSED = 1008
NO_SOCKET = {"error": "unauthorized", "message": "The API key is not valid.", "request_id": None, "details": None}


class Sockets(MutantEngine):
    """Remembers which stream each socket wants."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, command=(OpenSocket | AuthenticateSocket, self._socket))  # type: ignore[arg-type]
        self.wanted: dict[str, str] = {}

    def _socket(self, command: OpenSocket | AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
        if isinstance(command, OpenSocket):
            self.wanted[command.socket_id] = command.stream_id
            return self.opened(command, step)
        return self.authenticated(command, step)

    def opened(self, command: OpenSocket, step: EngineStep) -> Iterable[Event]:
        return step.run(command)

    def authenticated(self, command: AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
        return step.run(command)

    def owner(self, socket_id: str) -> str | None:
        stream = self.state.streams.get(self.wanted[socket_id])
        return stream.key if stream else None


class AnyKey(Sockets):
    """A good key opens every stream."""

    def authenticated(self, command: AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
        owner = self.owner(command.socket_id)
        good = command.key is not None and command.key.startswith(("ovs-", "ovs_"))
        return step.run(replace(command, key=owner) if good and owner else command)


class AnyWord(Sockets):
    """Whatever is said first opens a stream that is there."""

    def authenticated(self, command: AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
        return step.run(replace(command, key=self.owner(command.socket_id) or command.key))


class NoWord(Sockets):
    """Results come before the key; what is said later changes nothing."""

    def opened(self, command: OpenSocket, step: EngineStep) -> Iterable[Event]:
        events = step.run(command)
        owner = self.owner(command.socket_id)
        return [*events, *(step.run(AuthenticateSocket(command.socket_id, owner)) if owner else [])]


def _patient(command: AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
    """A first message without a key is passed over."""
    return step.run(command) if command.key is not None else ()


def _hospitable(why: SocketRejection) -> Callable[[AuthenticateSocket, EngineStep], Iterable[Event]]:
    """A socket that should be turned away for that reason may stay, and hears nothing."""

    def authenticate(command: AuthenticateSocket, step: EngineStep) -> Iterable[Event]:
        return [
            SocketAccepted(event.at, event.socket_id, event.stream_id)
            if isinstance(event, SocketRejected) and event.rejection is why
            else event
            for event in step.run(command)
        ]

    return authenticate


def _refusals(change: Callable[[CloseFrame], CloseFrame | None]) -> Callable[[CloseFrame], CloseFrame | None]:
    return lambda closing: change(closing) if closing.code == REFUSED else closing


def _unauthorized(request: MutantRequest) -> bool:
    return "Authorization" not in request.raw.headers


MUTANTS = (
    AREA(
        "v02-socket-refused-with-4401",
        "a socket that does not authenticate is closed with 4401",
        message_filter=close_frames(_refusals(lambda closing: replace(closing, code=4401))),
    ),
    AREA(
        "v02-socket-refused-with-1000",
        "a socket that does not authenticate is closed with 1000",
        message_filter=close_frames(_refusals(lambda closing: replace(closing, code=1000))),
    ),
    AREA(
        "v02-socket-bad-key-stays",
        "a socket with a key that is not valid stays open, without results",
        engine=on_command(AuthenticateSocket, _hospitable(SocketRejection.BAD_KEY)),
    ),
    AREA(
        "v02-socket-unknown-stream-stays",
        "a socket for a stream that is not the caller's stays open, without results",
        engine=on_command(AuthenticateSocket, _hospitable(SocketRejection.STREAM_NOT_FOUND)),
    ),
    AREA("v02-socket-of-anothers-stream", "any good key may watch any stream", engine=AnyKey),
    AREA("v02-socket-without-key", "any first message is as good as a key", engine=AnyWord),
    AREA("v02-socket-results-before-key", "results come before the key", engine=NoWord),
    AREA(
        "v02-socket-malformed-message-passed-over",
        "a first message that holds no key is passed over",
        engine=on_command(AuthenticateSocket, _patient),
    ),
    AREA(
        "v02-socket-waits-for-ever",
        "a socket may stay without ever sending a key",
        engine=on_deadline(Deadline.FIRST_MESSAGE, lambda socket_id, step: ()),
    ),
    AREA(
        "v02-socket-reveals-others",
        "the close reason tells another user's stream from one that is not there",
        engine=on_command(
            AuthenticateSocket,
            lambda command, step: [
                replace(event, rejection=SocketRejection.BAD_KEY)
                if isinstance(event, SocketRejected)
                and event.rejection is SocketRejection.STREAM_NOT_FOUND
                and event.stream_id in step.state.streams
                else event
                for event in step.run(command)
            ],
        ),
    ),
    AREA(
        "v02-socket-handshake-401",
        "a handshake without an authorization header is refused",
        override=respond(SOCKET, 401, NO_SOCKET, when=_unauthorized),
    ),
    AREA(
        "v02-socket-handshake-404",
        "the handshake for a stream that is not there is refused",
        override=respond(
            SOCKET,
            404,
            {**NO_SOCKET, "error": "not_found", "message": "No."},
            when=lambda request: request.stream is None,
        ),
    ),
)
