"""Streams of RTP packets that say what they are, and what networks do to them."""

from collections.abc import Iterable

from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.rtp import RtpPacket


def _depayload(payload: bytes) -> bytes:
    if payload.startswith(b"!"):
        raise ValueError("damaged")
    return payload


# Payloads are readable: a key frame is "K…", another "d…", a damaged packet "!".
READABLE = VideoFormat("READABLE", "none", _depayload, lambda data: data.startswith(b"K"))


def packet(sequence: int, payload: bytes, *, timestamp: int = 0, marker: bool = False, ssrc: int = 7) -> RtpPacket:
    return RtpPacket(
        ssrc=ssrc,
        payload_type=96,
        sequence=sequence % 65_536,
        timestamp=timestamp % 2**32,
        marker=marker,
        payload=payload,
        extensions={},
    )


def stream(
    frames: Iterable[str], *, first: int = 0, clock: int = 0, size: int = 2, step: int = 3_000
) -> list[RtpPacket]:
    """The packets of frames, ``size`` bytes in each; frames are ``step`` ticks of 1/90000 s apart."""
    packets: list[RtpPacket] = []
    for number, frame in enumerate(frames):
        data = frame.encode()
        parts = [data[i : i + size] for i in range(0, len(data), size)]
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            sequence = first + len(packets)
            packets.append(packet(sequence, part, timestamp=clock + step * number, marker=last))
    return packets
