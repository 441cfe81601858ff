"""RTCP packets from a receiver to a sender (RFC 3550, RFC 4585), and the statistics in them.

Not aiortc's: its NACK does not wrap around after sequence number 65,535.
"""

from collections.abc import Iterator, Sequence
from struct import Struct, pack

from ovs_mock.ingest.webrtc.rtp import Unwrapper

_SENDER_REPORT = 200
_RECEIVER_REPORT = 201
_TRANSPORT_FEEDBACK = 205
_PAYLOAD_FEEDBACK = 206
_NACK = 1
_PLI = 1
_REMB = 15

_HEADER = Struct("!BBH")
_NTP_SECOND = 65_536


def nack(sender: int, media: int, sequences: Sequence[int]) -> bytes:
    """Request these packets again. One entry names a packet and those of the next 16 that are missing too."""
    entries = b"".join(pack("!HH", number, mask) for number, mask in _masks(sequences))
    return _feedback(_TRANSPORT_FEEDBACK, _NACK, sender, media, entries)


def pli(sender: int, media: int) -> bytes:
    """Request a key frame."""
    return _feedback(_PAYLOAD_FEEDBACK, _PLI, sender, media)


def remb(sender: int, bitrate: int, sources: Sequence[int]) -> bytes:
    """Allow up to ``bitrate`` bits per second, rounded down to 18 significant bits."""
    exponent = max(0, bitrate.bit_length() - 18)
    rate = (exponent << 18) | (bitrate >> exponent)
    sizes = pack("!L", (len(sources) << 24) | rate)
    return _feedback(_PAYLOAD_FEEDBACK, _REMB, sender, 0, b"REMB" + sizes + _words(sources))


def receiver_report(sender: int, blocks: Sequence[bytes]) -> bytes:
    """How much of each source has come, with one block of ``Reception.block()`` a source, 31 at most."""
    return _packet(_RECEIVER_REPORT, len(blocks), pack("!L", sender) + b"".join(blocks))


def sender_reports(data: bytes) -> Iterator[tuple[int, int]]:
    """The sender reports in a compound packet: the source, and the middle 32 bits of its NTP time."""
    position = 0
    while position + _HEADER.size <= len(data):
        _, type_, words = _HEADER.unpack_from(data, position)
        end = position + 4 + 4 * words
        if type_ == _SENDER_REPORT and position + 20 <= min(end, len(data)):
            yield int.from_bytes(data[position + 4 : position + 8]), int.from_bytes(data[position + 10 : position + 14])
        position = end


class Reception:
    """Counts the packets of one source. Times are real seconds from any origin."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self._sequences = Unwrapper(16)
        self._base: int | None = None
        self._highest = 0
        self._received = 0
        self._reported = (0, 0)
        self._sender_report = (0, 0.0)

    def count(self, sequence: int) -> None:
        number = self._sequences.unwrap(sequence)
        if self._base is None:
            self._base = self._highest = number
        self._highest = max(self._highest, number)
        self._received += 1

    def on_sender_report(self, sender_report: int, now: float) -> None:
        """Record a report of the source; the next block names it, so that the source can measure the round trip."""
        self._sender_report = (sender_report, now)

    def report_block(self, now: float) -> bytes:
        """A report block: losses since the last one and in all. Jitter is 0, because senders ignore it."""
        expected = 0 if self._base is None else self._highest - self._base + 1
        last_expected, last_received = self._reported
        self._reported = (expected, self._received)
        lately = expected - last_expected
        lost_lately = max(0, lately - (self._received - last_received))
        fraction = 255 * lost_lately // lately if lately else 0
        lost = min(max(expected - self._received, 0), 0x7FFFFF)
        report, at = self._sender_report
        delay = min(int((now - at) * _NTP_SECOND), 0xFFFFFFFF) if report else 0
        return pack("!LLLLLL", self.ssrc, fraction << 24 | lost, self._highest & 0xFFFFFFFF, 0, report, delay)


def _masks(sequences: Sequence[int]) -> Iterator[tuple[int, int]]:
    rest = list(sequences)
    while rest:
        first = rest[0]
        offsets = [(number - first) % 65_536 for number in rest]
        together = [offset for offset in offsets if offset <= 16]
        yield first, sum(1 << (offset - 1) for offset in together if offset)
        rest = [number for number, offset in zip(rest, offsets, strict=True) if offset > 16]


def _feedback(type_: int, format_: int, sender: int, media: int, body: bytes = b"") -> bytes:
    return _packet(type_, format_, pack("!LL", sender, media) + body)


def _packet(type_: int, count: int, body: bytes) -> bytes:
    return _HEADER.pack(2 << 6 | count, type_, len(body) // 4) + body


def _words(numbers: Sequence[int]) -> bytes:
    return b"".join(pack("!L", number) for number in numbers)
