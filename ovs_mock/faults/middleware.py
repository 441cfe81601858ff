"""Applies faults to requests, sockets, streams and questions. Imported when a mock's first fault is set."""

from aiohttp import web
from aiohttp.typedefs import Handler

from ovs_mock.api.call import CALL
from ovs_mock.api.message_filter import MESSAGE_FILTER, message_filter_of
from ovs_mock.api.operation import OperationKind
from ovs_mock.engine.events import Event, SocketAccepted, StreamCreated
from ovs_mock.faults.call_faults import CallAction
from ovs_mock.faults.chat_faults import ChatFaultFilter
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.faults.room_faults import JoinInterceptor
from ovs_mock.faults.socket_faults import CloseSocketAction, SocketFaultFilter
from ovs_mock.faults.state_faults import EndLease, FailInference
from ovs_mock.model import Question, Reply


class FaultMiddleware:
    """The middleware of a registry, with its listeners for events and questions."""

    def __init__(self, registry: FaultRegistry) -> None:
        self._registry = registry
        self._joins = JoinInterceptor(registry)
        self._runtime = registry.context.runtime
        self._runtime.subscribe(self._on_event)
        registry.context.model.override = self._failing_reply
        for socket in registry.context.sockets():
            socket.message_filter = SocketFaultFilter(registry, socket.stream_id, socket.message_filter)

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        kind = request[CALL].kind
        upgrades = request.headers.get("Upgrade", "").lower() == "websocket"
        if upgrades and kind is OperationKind.SOCKET:
            request[MESSAGE_FILTER] = SocketFaultFilter(
                self._registry, request.match_info.get("stream_id", ""), message_filter_of(request)
            )
        elif kind is OperationKind.CHAT:
            request[MESSAGE_FILTER] = ChatFaultFilter(self._registry, request, message_filter_of(request))
        action = self._registry.fire_first(
            CallAction, request, lambda action: action.applies_to_handshakes or not upgrades
        )
        if action is not None:
            return await action.respond(self._registry, request, lambda: handler(request))
        if kind is OperationKind.ROOM:
            return await self._joins.respond(request, handler)
        return await handler(request)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, SocketAccepted):
            for socket in self._registry.context.sockets():
                if socket.id == event.socket_id:
                    self._registry.apply_to_new(CloseSocketAction, socket, socket.stream_id)
        elif isinstance(event, StreamCreated):
            self._runtime.deliver(self._end_lease(event.stream_id))

    async def _end_lease(self, stream_id: str) -> None:
        self._registry.apply_to_new(EndLease, stream_id, stream_id)

    def _failing_reply(self, question: Question) -> Reply | None:
        action = self._registry.fire_first(FailInference, question)
        return action.reply if action else None
