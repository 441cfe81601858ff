"""A connection to one client that sends video: what RTCPeerConnection is to a browser."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from ovs_mock.ingest.webrtc import negotiation, sdp
from ovs_mock.ingest.webrtc.feedback import receiver_report, remb, sender_reports
from ovs_mock.ingest.webrtc.formats import FORMATS
from ovs_mock.ingest.webrtc.pictures import DecodedCache
from ovs_mock.ingest.webrtc.routing import Router
from ovs_mock.ingest.webrtc.rtp import parse_rtp
from ovs_mock.ingest.webrtc.sdp import MediaSection
from ovs_mock.ingest.webrtc.track import OWN_SSRC, Sink, VideoTrack
from ovs_mock.ingest.webrtc.transport import MediaTransport, TransportState, media_addresses

log = logging.getLogger("ovs_mock.ingest")

# Without transport-wide congestion control libwebrtc follows REMB. An estimate collapses when a publisher sends little,
# as at 6 frames per second, and so does the picture; so REMB always allows this many bits per second.
BITRATE = 20_000_000
REPORT_EVERY = 0.5


class PeerConnections:
    """Makes connections whose media sockets listen on ``host``, and which share a cache of decoded pictures."""

    def __init__(self, host: str) -> None:
        self._addresses = media_addresses(host)
        self._cache = DecodedCache()

    def connect(
        self, new_sink: Callable[[], Sink], on_lost: Callable[[], None], *, controlling: bool = False
    ) -> "PeerConnection":
        return PeerConnection(self._addresses, new_sink, on_lost, self._cache, controlling=controlling)


class PeerConnection:
    """``new_sink`` is called for each video source that begins, ``on_lost`` once if the client goes away by itself."""

    def __init__(
        self,
        addresses: Sequence[str],
        new_sink: Callable[[], Sink],
        on_lost: Callable[[], None],
        cache: DecodedCache,
        *,
        controlling: bool = False,
    ) -> None:
        self._new_sink = new_sink
        self._on_lost = on_lost
        self.on_connected: Callable[[], None] = lambda: None
        """Called when media can come."""
        self._cache = cache
        self._transport = MediaTransport(addresses, self, controlling=controlling)
        self._router = Router()
        self._tracks: dict[str, VideoTrack] = {}
        self._sections: dict[str, MediaSection] = {}
        self._version = 0
        self._setup: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._reports: asyncio.Task[None] | None = None
        self._closed = False

    async def answer(self, offer: str, *, needs_video: bool = False) -> str:
        """The answer to an offer, the first or a later one; ValueError for one that cannot be used.

        A LiveKit client may first offer a connection, and its video later; others offer it at once or never.
        """
        description = sdp.parse(offer)
        accepted = negotiation.accepted(description)
        videos = [section for section in accepted if section.kind == "video" and section.sends]
        if not accepted or (needs_video and not videos):
            raise ValueError("the SDP offers no video that can be received: it has to be VP8 or H264")
        _warn_of_refused_video(description.sections, accepted)
        await self._connect(accepted[0])
        self._update_tracks(videos)
        assert self._setup is not None
        return negotiation.answer(description, self._local_peer(self._setup))

    async def offer(self) -> str:
        """An offer of data channels only, which a LiveKit client wants to be connected by."""
        await self._transport.gather()
        return negotiation.data_offer(self._local_peer("actpass"))

    async def accept(self, answer: str) -> None:
        """Accept the answer to ``offer``; ValueError for one that cannot be used."""
        if not self._transport.started:
            await self._start(sdp.parse(answer).sections[0])

    async def add_candidate(self, candidate: str) -> None:
        """Add a candidate of the client, with or without ``candidate:``, before or after the offer."""
        candidate = candidate.removeprefix("candidate:")
        if sdp.is_reachable(candidate) and not self._closed:
            await self._transport.add_candidate(candidate)

    def stop(self) -> None:
        """Write no more pictures from now on."""
        self._closed = True
        for track in self._tracks.values():
            track.stop()

    async def close(self) -> None:
        self.stop()
        if self._reports:
            self._reports.cancel()
        await self._transport.close()
        for track in self._tracks.values():
            await track.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def on_rtp(self, data: bytes) -> None:
        try:
            packet = parse_rtp(data)
        except ValueError as error:
            log.debug("dropped: %s", error)
            return
        mid = self._router.route(packet)
        if mid is not None and not self._closed:
            self._tracks[mid].receive(packet)

    def on_rtcp(self, data: bytes) -> None:
        now = asyncio.get_running_loop().time()
        for ssrc, report in sender_reports(data):
            for track in self._tracks.values():
                if track.reception and track.reception.ssrc == ssrc:
                    track.reception.on_sender_report(report, now)

    def on_state(self, state: TransportState) -> None:
        if state is TransportState.CONNECTED:
            self._reports = asyncio.create_task(self._report())
            self.on_connected()
        elif not self._closed:
            self.stop()
            self._on_lost()

    async def _connect(self, first: MediaSection) -> None:
        """Connect with the parameters of the first section; later offers do not change the transport.

        There is no ICE restart: a request for one gets the current credentials, which works while the path works.
        """
        if not self._transport.started:
            self._setup = negotiation.setup_for(first.value("setup"))
            await self._transport.gather()
            if self._closed:
                raise ValueError("the connection was closed before its offer was answered")
            await self._start(first)

    async def _start(self, section: MediaSection) -> None:
        ice, fingerprints = section.ice, section.values("fingerprint")
        if ice is None or not fingerprints:
            raise ValueError("the SDP lacks ice-ufrag, ice-pwd or fingerprint")
        for candidate in section.candidates:
            await self._transport.add_candidate(candidate)
        setup = self._setup or negotiation.setup_for(section.value("setup"))
        self._transport.start(ice, fingerprints, setup, negotiation.DATA_PORT)

    def _local_peer(self, setup: str) -> negotiation.LocalPeer:
        self._version += 1
        transport = self._transport
        return negotiation.LocalPeer(
            ice=transport.ice,
            fingerprints=transport.fingerprints,
            candidates=transport.candidates,
            setup=setup,
            version=self._version,
        )

    def _update_tracks(self, sections: list[MediaSection]) -> None:
        """Start the tracks of new sections, and end those whose section no longer sends."""
        sending = {section.mid: section for section in sections}
        for mid in [mid for mid in self._tracks if not self._continues(mid, sending)]:
            self._end_track(mid)
        for mid, section in sending.items():
            if mid not in self._tracks:
                self._tracks[mid] = self._start_track(section)
        self._sections = sending
        self._router.configure(sections)

    def _continues(self, mid: str, sending: dict[str, MediaSection]) -> bool:
        return mid in sending and _source_of(sending[mid]) == _source_of(self._sections[mid])

    def _start_track(self, section: MediaSection) -> VideoTrack:
        codecs = negotiation.usable_codecs(section)
        formats = {codec.payload_type: FORMATS[codec.name] for codec in codecs}
        return VideoTrack(formats, self._new_sink, self._cache, self._send)

    def _end_track(self, mid: str) -> None:
        track = self._tracks.pop(mid)
        track.stop()
        self._spawn(track.close())
        self._router.forget(mid)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY)
            now = asyncio.get_running_loop().time()
            receptions = [track.reception for track in self._tracks.values() if track.reception]
            blocks = [reception.report_block(now) for reception in receptions]
            sources = [reception.ssrc for reception in receptions]
            await self._transport.send_rtcp(receiver_report(OWN_SSRC, blocks) + remb(OWN_SSRC, BITRATE, sources))

    def _send(self, packet: bytes) -> None:
        self._spawn(self._transport.send_rtcp(packet))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _warn_of_refused_video(offered: Sequence[MediaSection], accepted: Sequence[MediaSection]) -> None:
    """Log refused video: the client reports no error, and a test would wait for frames without knowing why."""
    for section in offered:
        if section.kind == "video" and section.sends and section not in accepted:
            names = ", ".join(sorted({codec.name for codec in section.codecs} - {"RTX"}))
            log.warning("a client offers video as %s: no frame will come, as it has to be VP8 or H264", names)


def _source_of(section: MediaSection) -> tuple[str | None, frozenset[int]]:
    """Identifies the stream of a section: another stream in the same section is another track."""
    return section.value("msid"), section.ssrcs
