"""RTP packets (RFC 3550) and their header extensions (RFC 8285), read from bytes.

Not aiortc's ``RtpPacket``: it drops a whole packet for one damaged extension, and does not read two-byte extensions
with application bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

_HEADER = Struct("!BBHLL")
_EXTENSION = Struct("!HH")
_ONE_BYTE_PROFILE = 0xBEDE
# The last four bits are for the application.
_TWO_BYTE_PROFILE = 0x100


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpPacket:
    """``sequence`` and ``timestamp`` as sent: 16 and 32 bits that wrap around. Padding is not in ``payload``."""

    ssrc: int
    payload_type: int
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes
    extensions: dict[int, bytes]


class Unwrapper:
    """Turns a counter of ``bits`` bits that wraps around into one that does not."""

    def __init__(self, bits: int) -> None:
        self._span = 1 << bits
        self._last: int | None = None

    def unwrap(self, value: int) -> int:
        """The number that ends in ``value`` and is nearest to the one before; less than zero is possible."""
        if self._last is None:
            self._last = value
        half = self._span // 2
        self._last += (value - self._last + half) % self._span - half
        return self._last


def parse_rtp(data: bytes) -> RtpPacket:
    """Read a packet; ValueError when it is none."""
    if len(data) < _HEADER.size:
        raise ValueError("an RTP packet has at least 12 bytes")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise ValueError("an RTP packet has version 2")
    start = _HEADER.size + 4 * (first & 0x0F)
    extensions: dict[int, bytes] = {}
    if first & 0x10:
        extensions, start = _extensions(data, start)
    return RtpPacket(
        ssrc=ssrc,
        payload_type=second & 0x7F,
        sequence=sequence,
        timestamp=timestamp,
        marker=bool(second & 0x80),
        payload=_payload(data, start, padded=bool(first & 0x20)),
        extensions=extensions,
    )


def _payload(data: bytes, start: int, *, padded: bool) -> bytes:
    padding = data[-1] if padded else 0
    if start + padding > len(data) or (padded and not padding):
        raise ValueError("the RTP packet ends before its payload begins")
    return data[start : len(data) - padding]


def _extensions(data: bytes, start: int) -> tuple[dict[int, bytes], int]:
    """The header extensions, and where they end."""
    begin = start + _EXTENSION.size
    if begin > len(data):
        raise ValueError("the RTP packet ends within its header")
    profile, words = _EXTENSION.unpack_from(data, start)
    end = begin + 4 * words
    if end > len(data):
        raise ValueError("the RTP packet ends within its header extensions")
    block = data[begin:end]
    if profile == _ONE_BYTE_PROFILE:
        return dict(_one_byte_elements(block)), end
    if profile >> 4 == _TWO_BYTE_PROFILE:
        return dict(_two_byte_elements(block)), end
    return {}, end


def _one_byte_elements(block: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(block):
        id_, length = block[position] >> 4, (block[position] & 0x0F) + 1
        position += 1
        if id_ == 15:
            return
        if id_:
            yield id_, block[position : position + length]
            position += length


def _two_byte_elements(block: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(block):
        id_ = block[position]
        position += 1
        if id_ and position < len(block):
            length = block[position]
            yield id_, block[position + 1 : position + 1 + length]
            position += 1 + length
