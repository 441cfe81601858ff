"""The webrtc source: a plain peer connection, offer in the request and answer in the response."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Any

import av
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from ovs_support.v02 import Caller, results

from ovs_mock import EndReason, Ovs
from ovs_mock.video.patterns import solid


class Picture(VideoStreamTrack):
    """Green, thirty times a second."""

    async def recv(self) -> av.VideoFrame:
        pts, time_base = await self.next_timestamp()
        frame = av.VideoFrame.from_ndarray(solid("green", 320, 240), format="rgb24")
        frame.pts, frame.time_base = pts, Fraction(time_base)
        return frame


def without_candidates(sdp: str) -> str:
    """The offer as the JavaScript SDK sends it: at once, before any candidate is known."""
    return "".join(line for line in sdp.splitlines(keepends=True) if "candidate" not in line)


@asynccontextmanager
async def publishing(call: Caller, spell: Any) -> AsyncIterator[str]:
    """A stream into which a plain peer connection sends; ``spell`` puts the offer into the body."""
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    peer.addTrack(Picture())
    await peer.setLocalDescription(await peer.createOffer())
    created = await asyncio.to_thread(lambda: call.create(**spell(without_candidates(peer.localDescription.sdp))))
    assert created["livekit"] is None
    assert created["webrtc"]["type"] == "answer"
    assert {"urls", "username", "credential"} == set(created["turn_servers"][0])
    await peer.setRemoteDescription(RTCSessionDescription(created["webrtc"]["sdp"], "answer"))
    try:
        yield created["stream_id"]
    finally:
        await peer.close()


SPELLINGS = {
    "source": lambda sdp: {"source": {"type": "webrtc", "sdp": sdp}},
    "top level": lambda sdp: {"webrtc": {"type": "offer", "sdp": sdp}},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_its_frames_are_seen_and_losing_it_ends_the_stream(ovs: Ovs, call: Caller, spelling: str) -> None:
    async with publishing(call, SPELLINGS[spelling]) as stream_id, results(ovs, stream_id) as socket:
        view = await asyncio.to_thread(ovs.wait_for_frames, stream_id, 5)
        assert (view.width, view.height) == (320, 240)
        assert "green" in (await socket.next())["result"]
        assert call("POST", f"/streams/{stream_id}/keepalive").json()["livekit_token"] is None
        publisher_gone = asyncio.create_task(
            asyncio.to_thread(ovs.wait_until, lambda: not ovs.stream(stream_id).running)
        )
    await publisher_gone
    assert ovs.stream(stream_id).end_reason is EndReason.WEBRTC_DISCONNECTED


async def test_the_end_of_the_stream_ends_the_connection(ovs: Ovs, call: Caller) -> None:
    async with publishing(call, SPELLINGS["source"]) as stream_id, results(ovs, stream_id) as socket:
        await asyncio.to_thread(ovs.wait_for_frames, stream_id, 1)
        await asyncio.to_thread(ovs.advance, 46)
        seen, close = await socket.rest()
        assert seen
        assert close == (1001, "stream ended: lease_expired")
