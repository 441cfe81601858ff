"""Where faults meet requests.

Inside of what writes the journal, which sees what a client gets, and around what words errors, as these go wrong too.
An answer that is given in place of the work is put in before the handlers, and goes the way of all answers.
"""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.message_filter import MESSAGE_FILTER, message_filter_of
from ovs_mock.engine.events import Event, SocketAccepted, StreamCreated
from ovs_mock.faults.call_faults import INSTEAD, CallAction
from ovs_mock.faults.chat_faults import ChatFaultFilter
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.faults.room_faults import ROOMS, JoinInterceptor
from ovs_mock.faults.socket_faults import CloseSocketAction, SocketFaultFilter
from ovs_mock.faults.state_faults import EndLease, FailInference
from ovs_mock.model import Question, Reply

# The controls are the mock's, not the API's.
APART = "/_mock"
SOCKETS = "/v0.2/ws/streams/"
CHATS = "/chat/completions"


def middleware(board: FaultRegistry) -> Middleware:
    """Let what has been set happen to requests."""
    doorkeeper = JoinInterceptor(board)

    @web.middleware
    async def meet(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(APART):
            return await handler(request)
        upgrades = request.headers.get("Upgrade", "").lower() == "websocket"
        if upgrades and request.path.startswith(SOCKETS):
            request[MESSAGE_FILTER] = SocketFaultFilter(
                board, request.match_info.get("stream_id", ""), message_filter_of(request)
            )
        elif request.path.endswith(CHATS):
            request[MESSAGE_FILTER] = ChatFaultFilter(board, request, message_filter_of(request))
        deed = board.take(CallAction, request, lambda deed: deed.of_sockets or not upgrades)
        if deed is not None:
            return await deed.meet(board, request, lambda: handler(request))
        if request.path.startswith(ROOMS):
            return await doorkeeper.admit(request, handler)
        return await handler(request)

    return meet


@web.middleware
async def instead(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the answer that a fault has for the request, if it has one."""
    answer = request.get(INSTEAD)
    return await handler(request) if answer is None else answer


def attend(board: FaultRegistry) -> None:
    """Let what has been set happen to what is there and what comes: sockets, streams, questions."""
    runtime = board.stage.runtime
    for socket in board.stage.sockets():
        socket.message_filter = SocketFaultFilter(board, socket.stream_id, socket.message_filter)

    def happened(event: Event) -> None:
        if isinstance(event, SocketAccepted):
            for socket in board.stage.sockets():
                if socket.id == event.socket_id:
                    board.arrived(CloseSocketAction, socket, socket.stream_id)

        elif isinstance(event, StreamCreated):
            runtime.deliver(_made(board, event.stream_id))

    runtime.subscribe(happened)
    board.stage.model.instead = lambda question: _failure(board, question)


async def _made(board: FaultRegistry, stream_id: str) -> None:
    board.arrived(EndLease, stream_id, stream_id)


def _failure(board: FaultRegistry, question: Question) -> Reply | None:
    deed = board.take(FailInference, question)
    return deed.reply if deed else None
