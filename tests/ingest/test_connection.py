"""A connection without its client: what negotiation alone decides."""

from collections.abc import AsyncIterator

import pytest
from ovs_support.sdp import offer

from ovs_mock.engine.frames import Picture
from ovs_mock.ingest.webrtc.connection import PeerConnection
from ovs_mock.ingest.webrtc.pictures import DecodedCache
from ovs_mock.ingest.webrtc.sdp import parse

DATA = (
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel|a=mid:0|a=ice-ufrag:u|a=ice-pwd:p|a=fingerprint:sha-256 AB|"
    "a=setup:actpass|a=sctp-port:5000"
)
VP8 = "m=video 9 UDP/TLS/RTP/SAVPF 96|a=mid:1|a=rtpmap:96 VP8/90000"


class Sink:
    """Notes that it was stopped."""

    def __init__(self) -> None:
        self.stopped = False

    def write(self, media: int, picture: Picture) -> None:
        pass

    def stop(self) -> None:
        self.stopped = True

    def fail(self, error: BaseException) -> None:
        raise error


class Client:
    """A connection, the sinks that it asked for, and whether it was lost."""

    def __init__(self) -> None:
        self.sinks: list[Sink] = []
        self.lost = 0
        self.connection = PeerConnection(["127.0.0.1"], self._new_sink, self._lost, DecodedCache())

    async def answer(self, *sections: str) -> str:
        bundle = " ".join(str(number) for number in range(len(sections)))
        return await self.connection.answer(offer(*sections, bundle=bundle))

    def _new_sink(self) -> Sink:
        self.sinks.append(Sink())
        return self.sinks[-1]

    def _lost(self) -> None:
        self.lost += 1


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    made = Client()
    yield made
    await made.connection.close()
    assert made.lost == 0, "closing is not losing"


async def test_the_answer_offers_the_loopback_only(client: Client) -> None:
    (section,) = parse(await client.answer(DATA)).sections
    (candidate,) = section.candidates
    assert candidate.split()[4] == "127.0.0.1"


async def test_later_answers_keep_the_transport_and_count_up(client: Client) -> None:
    first, second = [await client.answer(*sections) for sections in ((DATA,), (DATA, VP8))]
    assert parse(first).sections[0].ice == parse(second).sections[0].ice
    assert parse(first).sections[0].candidates == parse(second).sections[0].candidates
    assert ("o=- 1 1 " in first, "o=- 1 2 " in second) == (True, True)


async def test_tracks_begin_and_end_with_their_sections(client: Client) -> None:
    await client.answer(DATA, VP8)
    assert [sink.stopped for sink in client.sinks] == [False]
    await client.answer(DATA, VP8)
    assert [sink.stopped for sink in client.sinks] == [False]
    await client.answer(DATA, f"{VP8}|a=inactive")
    assert [sink.stopped for sink in client.sinks] == [True]
    await client.answer(DATA, VP8)
    assert [sink.stopped for sink in client.sinks] == [True, False]


async def test_another_stream_in_the_same_section_is_another_track(client: Client) -> None:
    await client.answer(DATA, f"{VP8}|a=msid:a a")
    await client.answer(DATA, f"{VP8}|a=msid:b b")
    assert [sink.stopped for sink in client.sinks] == [True, False]


async def test_a_stop_holds_at_once(client: Client) -> None:
    await client.answer(DATA, VP8)
    client.connection.stop()
    assert [sink.stopped for sink in client.sinks] == [True]


async def test_candidates_may_come_before_the_offer_and_may_be_useless(client: Client) -> None:
    for candidate in ("1 1 udp 1 192.0.2.1 9 typ host", "candidate:1 1 udp 1 a.local 9 typ host", ""):
        await client.connection.add_candidate(candidate)
    await client.answer(DATA)


async def test_video_that_cannot_be_received_is_warned_of(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    vp9 = "m=video 9 UDP/TLS/RTP/SAVPF 98 99|a=mid:1|a=rtpmap:98 VP9/90000|a=rtpmap:99 rtx/90000"
    await client.answer(DATA, f"{vp9}|a=recvonly")
    assert not caplog.messages
    await client.answer(DATA, vp9)
    assert caplog.messages == ["a client offers video as VP9: no frame will come, as it has to be VP8 or H264"]


async def test_damaged_packets_are_dropped(client: Client) -> None:
    await client.answer(DATA, VP8)
    client.connection.on_rtp(b"\x80")
    client.connection.on_rtcp(b"\x80")


async def test_a_connection_that_is_closed_meanwhile_is_not_answered(client: Client) -> None:
    client.connection.stop()
    with pytest.raises(ValueError, match="closed before"):
        await client.answer(DATA)
