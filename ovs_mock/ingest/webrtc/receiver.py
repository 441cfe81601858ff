"""Receives one video source: packets in, frames and RTCP requests out. Sans-IO."""

from dataclasses import dataclass

from ovs_mock.ingest.webrtc.depacketizer import Depacketizer, EncodedFrame
from ovs_mock.ingest.webrtc.feedback import Reception, nack, pli
from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.rtp import RtpPacket

# Seconds between requests for a lost packet, and the maximum number of requests.
RETRY_AFTER = 0.05
MAX_REQUESTS = 10
# Seconds between requests for a key frame, which usually comes within 0.2 s.
KEY_RETRY_AFTER = 0.5
# libwebrtc sends one key frame and then only deltas. Requesting more bounds the frames that a picture depends on.
GROUP_DURATION = 5 * 90_000


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """An encoded frame and its format."""

    format: VideoFormat
    frame: EncodedFrame


class VideoReceiver:
    """Times are real seconds from any origin. ``own_ssrc`` is the sender of the requests."""

    def __init__(self, ssrc: int, formats: dict[int, VideoFormat], *, own_ssrc: int) -> None:
        self.reception = Reception(ssrc)
        self._formats = formats
        self._own_ssrc = own_ssrc
        self._payload_type: int | None = None
        self._format: VideoFormat | None = None
        self._depacketizer: Depacketizer | None = None
        self._requests: dict[int, tuple[int, float]] = {}
        self._key_requested = False
        self._last_key_request = float("-inf")
        self._key_timestamp = 0

    def receive(self, packet: RtpPacket) -> list[VideoFrame]:
        """Receive a packet; returns the frames that it completes."""
        self.reception.count(packet.sequence)
        if packet.payload_type != self._payload_type:
            self._switch(packet.payload_type)
        if self._depacketizer is None:
            return []
        return self._emit(self._depacketizer.push(packet))

    def give_up(self) -> list[VideoFrame]:
        """Skip packets that were requested too often; returns the frames that are complete then."""
        hopeless = any(times >= MAX_REQUESTS for times, _ in self._requests.values())
        if not hopeless or self._depacketizer is None:
            return []
        self._requests.clear()
        return self._emit(self._depacketizer.skip())

    def request_key(self) -> None:
        """Request a key frame, because a frame cannot be decoded."""
        self._key_requested = True

    def requests(self, now: float) -> list[bytes]:
        """The RTCP packets to send now: requests for missing packets and for a key frame."""
        return [*self._nacks(now), *self._plis(now)]

    @property
    def is_waiting(self) -> bool:
        """Whether ``requests`` has to be called again even if no packet comes."""
        return bool(self._requests) or self._needs_key

    @property
    def _needs_key(self) -> bool:
        return self._depacketizer is not None and (self._key_requested or self._depacketizer.needs_key)

    def _switch(self, payload_type: int) -> None:
        self._payload_type = payload_type
        self._format = self._formats.get(payload_type)
        self._depacketizer = Depacketizer(self._format) if self._format else None
        self._requests.clear()

    def _emit(self, frames: list[EncodedFrame]) -> list[VideoFrame]:
        assert self._format is not None
        for frame in frames:
            self._check_group_duration(frame)
        return [VideoFrame(self._format, frame) for frame in frames]

    def _check_group_duration(self, frame: EncodedFrame) -> None:
        if frame.is_key:
            self._key_timestamp = frame.timestamp
            self._key_requested = False
        elif frame.timestamp - self._key_timestamp >= GROUP_DURATION:
            self._key_requested = True

    def _nacks(self, now: float) -> list[bytes]:
        missing = self._depacketizer.missing if self._depacketizer else []
        self._requests = {number: self._requests.get(number, (0, float("-inf"))) for number in missing}
        due = [number for number, (_, at) in self._requests.items() if now - at >= RETRY_AFTER]
        for number in due:
            self._requests[number] = (self._requests[number][0] + 1, now)
        return [nack(self._own_ssrc, self.reception.ssrc, due)] if due else []

    def _plis(self, now: float) -> list[bytes]:
        if not self._needs_key or now - self._last_key_request < KEY_RETRY_AFTER:
            return []
        self._last_key_request = now
        return [pli(self._own_ssrc, self.reception.ssrc)]
