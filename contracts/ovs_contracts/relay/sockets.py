"""A WebSocket through the relay."""

import asyncio
from collections.abc import Callable

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from multidict import CIMultiDict
from yarl import URL

from ovs_contracts.relay.traffic_log import TrafficLog

Socket = ClientWebSocketResponse | web.WebSocketResponse


class RelayedSocket:
    """One socket of a client, and one of the target; used once."""

    def __init__(self, client: ClientSession, log: TrafficLog, with_real_key: Callable[[str], str]) -> None:
        self._client = client
        self._log = log
        self._with_real_key = with_real_key
        self._closed_logged = False

    async def connect(self, request: web.Request, url: URL, headers: CIMultiDict[str]) -> web.StreamResponse:
        """Messages go to and fro until one side closes; the other hears its code and reason."""
        protocols = [p.strip() for p in headers.get("Sec-WebSocket-Protocol", "").split(",") if p.strip()]
        own = CIMultiDict((n, v) for n, v in headers.items() if not n.lower().startswith("sec-websocket-"))
        try:
            theirs = await self._client.ws_connect(
                url, protocols=protocols, headers=own, autoclose=False, max_msg_size=0
            )
        except WSServerHandshakeError as error:
            return web.Response(status=error.status)
        except (ClientError, OSError, TimeoutError) as error:
            return web.Response(status=502, text=f"ovs-mock cannot reach {url.origin()}: {error}")
        async with theirs:
            ours = web.WebSocketResponse(autoclose=False, protocols=protocols, max_msg_size=0)
            await ours.prepare(request)
            self._log.socket_opened(request.path)
            await self._forward_both(request, ours, theirs)
            return ours

    async def _forward_both(
        self, request: web.Request, ours: web.WebSocketResponse, theirs: ClientWebSocketResponse
    ) -> None:
        path = request.path
        ways = {
            asyncio.ensure_future(self._forward(ours, theirs, path, sent=False)),
            asyncio.ensure_future(self._forward(theirs, ours, path, sent=True)),
        }
        _, under_way = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in under_way:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        if not ours.closed and request.transport is not None:
            # The target went without a word, and so does the relay.
            request.transport.abort()

    async def _forward(self, source: Socket, sink: Socket, path: str, *, sent: bool) -> None:
        while True:
            message = await source.receive()
            match message.type:
                case WSMsgType.TEXT:
                    text = str(message.data)
                    self._log.socket_message(path, text, sent=sent)
                    await sink.send_str(text if sent else self._with_real_key(text))
                case WSMsgType.BINARY:
                    await sink.send_bytes(message.data)
                case WSMsgType.CLOSE:
                    reason = str(message.extra or "")
                    self._log_closed(path, int(message.data) if sent else None, reason)
                    await sink.close(code=int(message.data or 1000), message=reason.encode())
                    await source.close(code=int(message.data or 1000))
                    return
                case _:
                    self._log_closed(path, 1006 if sent else None, "")
                    return

    def _log_closed(self, path: str, code: int | None, reason: str) -> None:
        """By whoever was first."""
        if not self._closed_logged:
            self._closed_logged = True
            self._log.socket_closed(path, code, reason)
