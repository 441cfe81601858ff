"""The relay: calls and sockets go through it as they are, but for the key."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from ovs_contracts.documents.versions import version
from ovs_contracts.relay.cleanup import end_streams
from ovs_contracts.relay.sockets import RelayedSocket
from ovs_contracts.relay.traffic_log import Entry
from ovs_contracts.relay.usage import UsageTracker
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.safety.streams import OpenStream, created_by, path_of
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import stopwatch

CONNECTION = {"connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"}
# Bodies come and go decoded, so that what is in them can be noted.
NOT_RETURNED = frozenset({*CONNECTION, "content-length", "content-encoding", "host"})
NOT_FORWARDED = NOT_RETURNED - {"content-encoding"}
OWN_TO_CLIENTS = ("Accept", "Content-Type", "User-Agent")
# A create that is under way when a test ends is waited for: nobody else will hear of its stream.
CREATION_TIMEOUT_SECONDS = 15.0
UNREACHED = 502
REFUSED = 402


class Relay:
    """Passes on what it is asked. ``stand_in`` is the key that its clients have in place of the target's."""

    def __init__(self, target: Target, usage: UsageTracker, stand_in: str) -> None:
        self.usage = usage
        self._target = target
        self._stand_in = stand_in
        self._creating: set[asyncio.Task[Any]] = set()
        self._client: ClientSession

    async def start(self) -> str:
        """Listen on a free port of loopback; the origin."""
        connector = TCPConnector(ssl=self._target.tls or True, limit=0)
        patience = ClientTimeout(total=None, sock_connect=10)
        self._client = ClientSession(
            connector=connector,
            timeout=patience,
            # What one client was told is not for the next, and what it did not send is not for the target.
            cookie_jar=DummyCookieJar(),
            skip_auto_headers=OWN_TO_CLIENTS,
        )
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> list[str]:
        """Take no more calls, and end what is open; the ids of streams that could not be ended."""
        await self._runner.cleanup()
        left = await self.end_streams()
        await self._client.close()
        return left

    async def end_streams(self) -> list[str]:
        """End what is open now; the ids of streams that could not be ended."""
        if self._creating:
            await asyncio.wait(self._creating, timeout=CREATION_TIMEOUT_SECONDS)
        return await end_streams(self.usage.limits.ledger.open.values(), self._delete)

    async def status(self, stream: OpenStream) -> tuple[int, Any]:
        """What the target says of a stream: status and body; nobody is told of this call."""
        url = self._target.origin + version(stream.version).status_of(stream.id)
        async with self._client.get(url, headers=_authorized(stream)) as answer:
            return answer.status, await answer.json(content_type=None)

    async def _delete(self, stream: OpenStream) -> int | None:
        path = f"/{stream.version}/streams/{stream.id}"
        call = Call(method="DELETE", url=self._target.origin + path, path=path, headers=_authorized(stream))
        try:
            async with self._client.delete(call.url, headers=_authorized(stream)) as answer:
                self._record(call, answer, await answer.read(), stopwatch())
                return answer.status
        except (ClientError, OSError, TimeoutError):
            return None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            line = RelayedSocket(self._client, self.usage.log, self._with_real_key)
            return await line.connect(request, self._url(request), self._request_headers(request.headers))
        call = Call(
            method=request.method,
            url=str(self._url(request)),
            path=self._with_real_key(request.raw_path),
            headers={name.lower(): value for name, value in self._request_headers(request.headers).items()},
            body=await request.read(),
        )
        entry = self.usage.log.request(call)
        try:
            self.usage.before(call)
            return await self._complete_creation(call, entry, request)
        except NotAllowedError as refusal:
            return self._error(entry, REFUSED, f"ovs-mock does not let this pass: {refusal}")
        except (ClientError, OSError, TimeoutError) as error:
            why = f"ovs-mock cannot reach {self._target.origin}: {type(error).__name__}: {error}"
            return self._error(entry, UNREACHED, why)

    async def _complete_creation(self, call: Call, entry: Entry, request: web.Request) -> web.StreamResponse:
        """Ask the target. A create goes on to its end, even if its client does not wait for that."""
        if not created_by(call):
            return await self._forward(call, entry, request)
        task = asyncio.ensure_future(self._forward(call, entry, request))
        self._creating.add(task)
        task.add_done_callback(self._creating.discard)
        return await asyncio.shield(task)

    async def _forward(self, call: Call, entry: Entry, request: web.Request) -> web.StreamResponse:
        started = stopwatch()
        url = URL(call.url, encoded=True)
        headers = self._request_headers(request.headers)
        async with self._client.request(
            call.method, url, data=call.body or None, headers=headers, allow_redirects=False
        ) as answer:
            if answer.content_type == "text/event-stream":
                return await self._forward_events(call, entry, request, answer, started)
            body = await answer.read()
            self._record(call, answer, body, started)
            self.usage.log.response(entry, answer.status, _lower(answer.headers), body)
            return web.Response(
                status=answer.status, reason=answer.reason, body=body, headers=_client_headers(answer.headers)
            )

    async def _forward_events(
        self, call: Call, entry: Entry, request: web.Request, answer: ClientResponse, started: float
    ) -> web.StreamResponse:
        """Forward events as they arrive. A client that disconnects early is not charged in the relay's estimate."""
        response = web.StreamResponse(
            status=answer.status, reason=answer.reason, headers=_client_headers(answer.headers)
        )
        body = bytearray()
        self.usage.log.response(entry, answer.status, _lower(answer.headers))
        try:
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                body += chunk
                await response.write(chunk)
            await response.write_eof()
        finally:
            for line in body.decode("utf-8", "replace").splitlines():
                self.usage.log.event(path_of(call), line)
            self._record(call, answer, bytes(body), started)
        return response

    def _record(self, call: Call, answer: ClientResponse, body: bytes, started: float) -> None:
        seconds = stopwatch() - started
        headers = _lower(answer.headers)
        self.usage.after(Exchange(call=call, status=answer.status, headers=headers, body=body, seconds=seconds))

    def _error(self, entry: Entry, status: int, why: str) -> web.Response:
        body = json.dumps({"error": "ovs_mock_relay", "message": why, "detail": why}).encode()
        self.usage.log.response(entry, status, {"content-type": "application/json"}, body)
        return web.Response(status=status, body=body, content_type="application/json")

    def _url(self, request: web.Request) -> URL:
        return URL(self._target.origin + self._with_real_key(request.raw_path), encoded=True)

    def _request_headers(self, headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
        """The headers for the target. The relay reads the response too, so it asks for one that is not compressed."""
        kept = (
            (name, self._with_real_key(value)) for name, value in headers.items() if name.lower() not in NOT_FORWARDED
        )
        passed = CIMultiDict(kept)
        passed["Accept-Encoding"] = "identity"
        return passed

    def _with_real_key(self, text: str) -> str:
        return text.replace(self._stand_in, self._target.api_key)


def _client_headers(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in NOT_RETURNED)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _authorized(stream: OpenStream) -> dict[str, str]:
    return {"authorization": f"Bearer {stream.key}"}
