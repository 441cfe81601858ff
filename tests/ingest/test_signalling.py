"""LiveKit's sockets, spoken to by hand: what clients do wrong, or only browsers do."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from livekit.protocol import models, rtc
from ovs_support.ingest import Mock

ORIGIN = {"Origin": "https://app.example"}


@pytest.fixture
async def http(mock: Mock) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(mock.url.replace("ws:", "http:")) as session:
        yield session


class Socket:
    """A client that says and hears protobuf."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = socket

    async def say(self, request: rtc.SignalRequest) -> None:
        await self.raw.send_bytes(request.SerializeToString())

    async def hear(self, kind: str) -> rtc.SignalResponse:
        """The next message, which has to be of that kind."""
        response = rtc.SignalResponse.FromString(await self.raw.receive_bytes(timeout=5))
        assert response.WhichOneof("message") == kind, response
        return response

    async def closed(self) -> None:
        async with asyncio.timeout(5):
            async for _ in self.raw:
                pass


@asynccontextmanager
async def dual(http: aiohttp.ClientSession, token: str, **query: str) -> AsyncIterator[Socket]:
    async with http.ws_connect("/rtc", params={"access_token": token, **query}) as socket:
        yield Socket(socket)


def join_request(join: rtc.JoinRequest) -> str:
    wrapped = rtc.WrappedJoinRequest(join_request=join.SerializeToString())
    return urlsafe_b64encode(wrapped.SerializeToString()).decode()


async def test_a_socket_is_greeted_and_kept_alive(mock: Mock, http: aiohttp.ClientSession) -> None:
    async with dual(http, mock.token(mock.create_stream())) as socket:
        greeting = await socket.hear("join")
        assert greeting.join.subscriber_primary
        assert (await socket.hear("offer")).offer.sdp.startswith("v=0")
        await socket.say(rtc.SignalRequest(ping_req=rtc.Ping(timestamp=7)))
        assert (await socket.hear("pong_resp")).pong_resp.last_ping_timestamp == 7
        await socket.raw.send_str("text is passed over")
        await socket.say(rtc.SignalRequest(ping=8))
        assert (await socket.hear("pong")).pong == 8


async def test_a_socket_that_drops_has_left(mock: Mock, http: aiohttp.ClientSession) -> None:
    async with dual(http, mock.token(mock.create_stream())) as socket:
        await socket.hear("join")
        assert len(mock.joined()) == 1
        assert not mock.left()
    await mock.runtime.until(mock.left)
    assert len(mock.left()) == 1


async def test_a_client_that_says_it_leaves_has_left_once(mock: Mock, http: aiohttp.ClientSession) -> None:
    async with dual(http, mock.token(mock.create_stream())) as socket:
        await socket.say(rtc.SignalRequest(leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED)))
        await socket.closed()
    await mock.runtime.until(mock.left)
    assert len(mock.left()) == 1


@pytest.mark.parametrize("version", ["/rtc", "/rtc/v1"])
async def test_a_client_that_comes_back_is_told_to_start_anew(
    mock: Mock, http: aiohttp.ClientSession, version: str
) -> None:
    again = {"reconnect": "1", "join_request": join_request(rtc.JoinRequest(reconnect=True))}
    token = mock.token(mock.create_stream())
    async with http.ws_connect(version, params={"access_token": token, **again}) as raw:
        leave = (await Socket(raw).hear("leave")).leave
        assert leave.action == rtc.LeaveRequest.RECONNECT
    assert not mock.joined()
    assert not mock.left()


async def test_a_viewer_is_no_publisher(mock: Mock, http: aiohttp.ClientSession) -> None:
    stream_id = mock.create_stream()
    async with dual(http, mock.token(stream_id, "viewer", can_publish=False)) as socket:
        assert not (await socket.hear("join")).join.participant.permission.can_publish
    assert not mock.joined()


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff\xff",
        rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp="nonsense")).SerializeToString(),
        rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp="nonsense")).SerializeToString(),
        rtc.SignalRequest(trickle=rtc.TrickleRequest(candidateInit="{")).SerializeToString(),
        rtc.SignalRequest(
            trickle=rtc.TrickleRequest(candidateInit='{"candidate": "candidate:1 1 udp x 192.0.2.1 y typ host"}')
        ).SerializeToString(),
    ],
    ids=["message", "offer", "answer", "trickle", "candidate"],
)
async def test_a_client_that_talks_nonsense_is_sent_away(mock: Mock, http: aiohttp.ClientSession, bad: bytes) -> None:
    async with dual(http, mock.token(mock.create_stream())) as socket:
        await socket.hear("join")
        await socket.hear("offer")
        await socket.raw.send_bytes(bad)
        leave = (await socket.hear("leave")).leave
        assert (leave.reason, leave.action) == (models.STATE_MISMATCH, rtc.LeaveRequest.DISCONNECT)
        await socket.closed()
    await mock.runtime.until(mock.left)


async def test_a_server_that_stops_says_so(mock: Mock, http: aiohttp.ClientSession) -> None:
    async with dual(http, mock.token(mock.create_stream())) as socket:
        await socket.hear("join")
        await socket.hear("offer")
        closing = asyncio.create_task(mock.gateway.close())
        assert (await socket.hear("leave")).leave.reason == models.SERVER_SHUTDOWN
        await socket.closed()
        await closing


@pytest.mark.parametrize("path", ["/rtc", "/rtc/v1", "/rtc/validate", "/rtc/v1/validate"])
async def test_a_bad_token_is_401_with_a_reason(mock: Mock, http: aiohttp.ClientSession, path: str) -> None:
    """Not 404, also for a room that is gone: native clients would go on to try the other protocol version."""
    stream_id = mock.create_stream()
    token = mock.token(stream_id)
    mock.end_stream(stream_id)
    for query, complaint in (
        ({}, "not one of"),
        ({"access_token": "x"}, "not one of"),
        ({"access_token": token}, "room"),
    ):
        async with http.get(path, params=query, headers=ORIGIN) as response:
            assert response.status == 401
            assert complaint in await response.text()
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


@pytest.mark.parametrize("path", ["/rtc/validate", "/rtc/v1/validate"])
async def test_a_good_token_is_validated(mock: Mock, http: aiohttp.ClientSession, path: str) -> None:
    token = mock.token(mock.create_stream())
    for query, headers in (({"access_token": token}, ORIGIN), ({}, {"Authorization": f"Bearer {token}", **ORIGIN})):
        async with http.get(path, params=query, headers=headers) as response:
            assert (response.status, await response.text()) == (200, "success")
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    async with http.options(path, headers={**ORIGIN, "Access-Control-Request-Headers": "authorization"}) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Headers"] == "authorization"


async def test_a_join_request_that_is_none_is_400(mock: Mock, http: aiohttp.ClientSession) -> None:
    query = {"access_token": mock.token(mock.create_stream()), "join_request": "nonsense!"}
    async with http.get("/rtc/v1", params=query) as response:
        assert response.status == 400
        assert "join_request" in await response.text()
