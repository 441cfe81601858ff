"""The receiving end of one video source: packets in, frames and requests out. Sans-IO."""

from dataclasses import dataclass

from ovs_mock.ingest.webrtc.depacketizer import Depacketizer, EncodedFrame
from ovs_mock.ingest.webrtc.feedback import Reception, nack, pli
from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.rtp import RtpPacket

# How soon a lost packet is asked for again, in seconds, and how often before it is given up.
RETRY_AFTER = 0.05
MAX_REQUESTS = 10
# A key frame that was asked for usually comes within 0.2 s.
KEY_RETRY_AFTER = 0.5
# libwebrtc sends one key frame and then deltas for ever. Asking for more bounds what a picture has to be decoded from.
GROUP_DURATION = 5 * 90_000


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """An encoded frame, and the format that it has to be decoded by."""

    format: VideoFormat
    frame: EncodedFrame


class VideoReceiver:
    """Times are real seconds from any origin. ``ours`` is the SSRC in whose name requests are made."""

    def __init__(self, ssrc: int, formats: dict[int, VideoFormat], *, ours: int) -> None:
        self.reception = Reception(ssrc)
        self._formats = formats
        self._ours = ours
        self._payload_type: int | None = None
        self._format: VideoFormat | None = None
        self._assembler: Depacketizer | None = None
        self._requests: dict[int, tuple[int, float]] = {}
        self._key_wanted = False
        self._key_asked_at = float("-inf")
        self._key_timestamp = 0

    def receive(self, packet: RtpPacket) -> list[VideoFrame]:
        """Take a packet; the frames that are complete now."""
        self.reception.count(packet.sequence)
        if packet.payload_type != self._payload_type:
            self._switch(packet.payload_type)
        if self._assembler is None:
            return []
        return self._out(self._assembler.push(packet))

    def give_up(self) -> list[VideoFrame]:
        """Go on without the packets that were asked for in vain, if there are any."""
        hopeless = any(times >= MAX_REQUESTS for times, _ in self._requests.values())
        if not hopeless or self._assembler is None:
            return []
        self._requests.clear()
        return self._out(self._assembler.skip())

    def want_key(self) -> None:
        """A frame could not be decoded."""
        self._key_wanted = True

    def requests(self, now: float) -> list[bytes]:
        """The RTCP packets that are due: for missing packets, for a key frame."""
        return [*self._nacks(now), *self._plis(now)]

    @property
    def waiting(self) -> bool:
        """Whether ``requests`` has to be called again, though no packet comes."""
        return bool(self._requests) or self._lacks_key

    @property
    def _lacks_key(self) -> bool:
        return self._assembler is not None and (self._key_wanted or self._assembler.wants_key)

    def _switch(self, payload_type: int) -> None:
        self._payload_type = payload_type
        self._format = self._formats.get(payload_type)
        self._assembler = Depacketizer(self._format) if self._format else None
        self._requests.clear()

    def _out(self, frames: list[EncodedFrame]) -> list[VideoFrame]:
        assert self._format is not None
        for frame in frames:
            self._watch_group(frame)
        return [VideoFrame(self._format, frame) for frame in frames]

    def _watch_group(self, frame: EncodedFrame) -> None:
        if frame.is_key:
            self._key_timestamp = frame.timestamp
            self._key_wanted = False
        elif frame.timestamp - self._key_timestamp >= GROUP_DURATION:
            self._key_wanted = True

    def _nacks(self, now: float) -> list[bytes]:
        missing = self._assembler.missing if self._assembler else []
        self._requests = {number: self._requests.get(number, (0, float("-inf"))) for number in missing}
        due = [number for number, (_, at) in self._requests.items() if now - at >= RETRY_AFTER]
        for number in due:
            self._requests[number] = (self._requests[number][0] + 1, now)
        return [nack(self._ours, self.reception.ssrc, due)] if due else []

    def _plis(self, now: float) -> list[bytes]:
        if not self._lacks_key or now - self._key_asked_at < KEY_RETRY_AFTER:
            return []
        self._key_asked_at = now
        return [pli(self._ours, self.reception.ssrc)]
