"""Plain WebRTC offers, made by aiortc's own peer connection as a client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.rtcrtpsender import RTCRtpSender
from ovs_support.ingest import Mock, colour_of

from ovs_mock.engine.commands import TransportLost
from ovs_mock.engine.events import StreamEnded
from ovs_mock.engine.stream import EndReason, WebRtcSource


class Green(VideoStreamTrack):
    async def recv(self) -> av.VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = av.VideoFrame.from_ndarray(np.full((480, 640, 3), (20, 220, 20), np.uint8), format="rgb24")
        frame.pts, frame.time_base = pts, Fraction(time_base)
        return frame


@asynccontextmanager
async def sending(mime_type: str = "video/VP8") -> AsyncIterator[RTCPeerConnection]:
    client = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    client.addTrack(Green())
    codecs = [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.mimeType == mime_type]
    client.getTransceivers()[0].setCodecPreferences(codecs)
    try:
        yield client
    finally:
        await client.close()


async def offer(client: RTCPeerConnection, *, candidates: bool = True) -> str:
    await client.setLocalDescription(await client.createOffer())
    lines = client.localDescription.sdp.splitlines(keepends=True)
    hidden = () if candidates else ("a=candidate", "a=end-of-candidates")
    return "".join(line for line in lines if not line.startswith(hidden)) if hidden else "".join(lines)


async def connect(mock: Mock, client: RTCPeerConnection, *, candidates: bool = True) -> str:
    sdp = await offer(client, candidates=candidates)
    stream_id = mock.create_stream(WebRtcSource(sdp))
    answer = await mock.gateway.answer_offer(stream_id, sdp)
    await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return stream_id


@pytest.mark.parametrize("mime_type", ["video/VP8", "video/H264"])
async def test_video_arrives(mock: Mock, mime_type: str) -> None:
    async with sending(mime_type) as client:
        stream_id = await connect(mock, client)
        frames = await mock.until_frames(stream_id, 10)
    red, green, blue = colour_of(frames[-1])
    assert green > 150 > 100 > max(red, blue)
    assert (frames[-1].picture.width, frames[-1].picture.height) == (640, 480)


async def test_an_offer_needs_no_candidates(mock: Mock) -> None:
    """The JavaScript client sends its offer before it knows any, and never says more."""
    async with sending() as client:
        stream_id = await connect(mock, client, candidates=False)
        await mock.until_frames(stream_id, 3)


async def test_a_client_that_goes_away_ends_the_stream(mock: Mock) -> None:
    async with sending() as client:
        stream_id = await connect(mock, client)
        await mock.until_frames(stream_id, 3)
    await mock.runtime.until(lambda: mock.runtime.done(TransportLost))
    (ended,) = [event for event in mock.runtime.events if isinstance(event, StreamEnded)]
    assert ended.reason is EndReason.WEBRTC_DISCONNECTED


async def test_the_end_of_the_stream_closes_the_connection(mock: Mock) -> None:
    async with sending() as client:
        closed = asyncio.Event()
        client.on("connectionstatechange", lambda: closed.set() if client.connectionState == "closed" else None)
        stream_id = await connect(mock, client)
        await mock.until_frames(stream_id, 3)
        mock.end_stream(stream_id)
        async with asyncio.timeout(5):
            await closed.wait()
    assert not mock.runtime.done(TransportLost)


@pytest.mark.parametrize(
    ("sdp", "complaint"),
    [
        ("nonsense", "a line that is none"),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 98\r\na=rtpmap:98 VP9/90000", "has to be VP8 or H264"),
        ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000", "offers no video"),
        ("v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000", "lacks ice-ufrag"),
    ],
)
async def test_an_offer_that_cannot_be_used_is_refused_in_clear_words(mock: Mock, sdp: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        await mock.gateway.answer_offer(mock.create_stream(WebRtcSource(sdp)), sdp)
