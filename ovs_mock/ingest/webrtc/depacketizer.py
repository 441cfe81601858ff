"""Frames out of RTP packets, which come late, twice, in another order, or never.

Not aiortc's ``JitterBuffer``: it completes a frame only when the next one begins, and does not tell which packets are
missing, nor when only a key frame helps.
"""

from dataclasses import dataclass

from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.rtp import RtpPacket, Unwrapper

# Maximum packets kept behind a gap that is being filled: over two seconds of 3 Mbit/s.
MAX_PENDING = 1_024
# A sequence number this far away means that the sender has restarted.
MAX_MISORDER = 3_000


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """``timestamp`` counts 1/90000 s from any origin and does not wrap around."""

    timestamp: int
    data: bytes
    is_key: bool


class Depacketizer:
    """Returns the frames of one stream of packets, complete and in order.

    A frame is complete with the packet that carries the marker bit. After a skipped gap no frame is
    decodable until the next key frame; ``needs_key`` reports that.
    """

    def __init__(self, format_: VideoFormat) -> None:
        self._format = format_
        self._sequences = Unwrapper(16)
        self._timestamps = Unwrapper(32)
        self._pending: dict[int, RtpPacket] = {}
        self._first = 0
        """The first packet of the frame that is due next."""
        self._cursor: int | None = None
        """The first packet that is not here yet."""
        self._highest = 0
        self._needs_key = True

    @property
    def needs_key(self) -> bool:
        """Whether only a key frame helps, and none is being received."""
        coming = self._pending.get(self._first)
        return self._needs_key and not (coming and self._begins_key_frame(coming))

    @property
    def missing(self) -> list[int]:
        """Sequence numbers of the packets that a later one has overtaken."""
        if self._cursor is None:
            return []
        return [number % 65_536 for number in range(self._cursor, self._highest) if number not in self._pending]

    def push(self, packet: RtpPacket) -> list[EncodedFrame]:
        """Receive a packet; returns the frames that it completes."""
        number = self._sequences.unwrap(packet.sequence)
        if self._cursor is None or abs(number - self._cursor) > MAX_MISORDER:
            self._restart(number)
        elif number < self._cursor or number in self._pending:
            return []
        self._pending[number] = packet
        self._highest = max(self._highest, number)
        if self._highest - self._first > MAX_PENDING:
            return self.skip()
        return self._complete()

    def skip(self) -> list[EncodedFrame]:
        """Skip missing packets, and continue at the next key frame."""
        begins = (number for number in sorted(self._pending) if self._begins_key_frame(self._pending[number]))
        restart = next(begins, self._highest + 1)
        self._pending = {number: packet for number, packet in self._pending.items() if number >= restart}
        self._first = self._cursor = restart
        self._needs_key = True
        return self._complete()

    def _restart(self, number: int) -> None:
        self._pending.clear()
        self._first = self._cursor = self._highest = number
        self._needs_key = True

    def _complete(self) -> list[EncodedFrame]:
        assert self._cursor is not None
        frames: list[EncodedFrame | None] = []
        while packet := self._pending.get(self._cursor):
            if packet.timestamp != self._pending[self._first].timestamp:
                frames.append(self._build_frame(self._cursor))
            self._cursor += 1
            if packet.marker:
                frames.append(self._build_frame(self._cursor))
        return [frame for frame in frames if frame]

    def _build_frame(self, end: int) -> EncodedFrame | None:
        """The frame before ``end``, unless it is empty (padding only) or cannot be decoded."""
        packets = [self._pending.pop(number) for number in range(self._first, end)]
        self._first = end
        timestamp = self._timestamps.unwrap(packets[0].timestamp)
        try:
            data = b"".join(self._format.depayload(packet.payload) for packet in packets if packet.payload)
        except ValueError:
            self._needs_key = True
            return None
        is_key = self._format.begins_key_frame(data)
        if not data or (self._needs_key and not is_key):
            return None
        self._needs_key = False
        return EncodedFrame(timestamp, data, is_key)

    def _begins_key_frame(self, packet: RtpPacket) -> bool:
        try:
            return self._format.begins_key_frame(self._format.depayload(packet.payload))
        except ValueError:
            return False
