"""Answers to offers, and the one offer that a LiveKit server makes itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ovs_mock.ingest.webrtc.sdp import Codec, Ice, MediaSection, SessionDescription

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

# libwebrtc stops sending simulcast, without a word, when the *first* answer on a transport lacks the RID extensions.
# Transport-wide congestion control is left out: accepting it would require its feedback.
EXTENSIONS = frozenset({MID, RID, REPAIRED_RID, ABS_SEND_TIME})
FEEDBACK = frozenset({"nack", "nack pli", "ccm fir", "goog-remb"})
# libwebrtc starts at 300 kbit/s, which is a quarter of the picture at 720p, unless the *answer* says otherwise.
START_BITRATE = "x-google-start-bitrate=3000"
DATA_PORT = 5000
MAX_MESSAGE_SIZE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPeer:
    """The mock's side of the transport. ``candidates`` without ``candidate:``, ``fingerprints`` as ``sha-256 AB:…``."""

    ice: Ice
    fingerprints: tuple[str, ...]
    candidates: tuple[str, ...]
    setup: str
    version: int = field(default=1)
    """Counts the mock's descriptions of one connection."""


def usable_codecs(section: MediaSection) -> tuple[Codec, ...]:
    """The payload types of an offered section that the mock accepts, without retransmission streams."""
    return tuple(codec for codec in section.codecs if _is_usable(section.kind, codec))


def accepted(offer: SessionDescription) -> tuple[MediaSection, ...]:
    """The offered sections that the mock accepts: those it can receive, on the one transport that they share."""
    acceptable = [section for section in offer.sections if _is_acceptable(section)]
    if offer.bundled:
        return tuple(section for section in acceptable if section.mid in offer.bundled)
    return tuple(acceptable[:1])


def setup_for(offered: str | None) -> str:
    """The mock's DTLS role. The active side starts the handshake: the mock, where the offer allows it."""
    return "passive" if offered == "active" else "active"


def answer(offer: SessionDescription, local: LocalPeer) -> str:
    """The SDP answer: accepts video, audio (which is ignored) and data channels, and rejects everything else."""
    sections = accepted(offer)
    lines = _session(local, [section.mid for section in sections])
    for section in offer.sections:
        if section in sections:
            lines += _accept(section, local, with_candidates=section is sections[0])
        else:
            lines += _reject(section)
    return _text(lines)


def data_offer(local: LocalPeer) -> str:
    """An offer of data channels only."""
    return _text([*_session(local, ["0"]), *_data_lines("0", local), *_candidate_lines(local)])


def _is_acceptable(section: MediaSection) -> bool:
    if section.rejected:
        return False
    if section.kind == "application":
        return "webrtc-datachannel" in section.formats
    return bool(usable_codecs(section))


def _is_usable(kind: str, codec: Codec) -> bool:
    if kind == "audio":
        return codec.name == "OPUS"
    return kind == "video" and (codec.name == "VP8" or (codec.name == "H264" and _is_fragmentable(codec)))


def _is_fragmentable(codec: Codec) -> bool:
    """H.264 in packetization mode 1; in mode 0 a large picture does not fit."""
    return "packetization-mode=1" in codec.fmtp.replace(" ", "").split(";")


def _session(local: LocalPeer, mids: list[str]) -> list[str]:
    group = [f"a=group:BUNDLE {' '.join(mids)}"] if mids else []
    return ["v=0", f"o=- 1 {local.version} IN IP4 127.0.0.1", "s=-", "t=0 0", *group, "a=msid-semantic:WMS *"]


def _accept(section: MediaSection, local: LocalPeer, *, with_candidates: bool) -> list[str]:
    is_data = section.kind == "application"
    lines = _data_lines(section.mid, local) if is_data else _media_lines(section, local)
    return lines + (_candidate_lines(local) if with_candidates else [])


def _reject(section: MediaSection) -> list[str]:
    media = f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}"
    return [media, "c=IN IP4 0.0.0.0", *_mid_lines(section.mid), "a=inactive"]


def _media_lines(section: MediaSection, local: LocalPeer) -> list[str]:
    codecs = usable_codecs(section)
    payload_types = " ".join(str(codec.payload_type) for codec in codecs)
    return [
        f"m={section.kind} 9 {section.protocol} {payload_types}",
        *_transport_lines(section.mid, local),
        "a=recvonly" if section.sends else "a=inactive",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        *(f"a=extmap:{id_} {uri}" for id_, uri in section.extensions.items() if uri in EXTENSIONS),
        *(line for codec in codecs for line in _codec_lines(section.kind, codec)),
        *_simulcast_lines(section),
    ]


def _codec_lines(kind: str, codec: Codec) -> Iterator[str]:
    yield f"a=rtpmap:{codec.payload_type} {codec.rtpmap}"
    parameters = [codec.fmtp] if codec.fmtp else []
    if kind == "video":
        parameters = [_without_bitrates(codec.fmtp), START_BITRATE] if codec.fmtp else [START_BITRATE]
    if parameters:
        yield f"a=fmtp:{codec.payload_type} {';'.join(filter(None, parameters))}"
    for feedback in codec.feedback:
        if kind == "video" and feedback in FEEDBACK:
            yield f"a=rtcp-fb:{codec.payload_type} {feedback}"


def _without_bitrates(fmtp: str) -> str:
    return ";".join(p for p in fmtp.split(";") if not p.strip().startswith("x-google"))


def _simulcast_lines(section: MediaSection) -> list[str]:
    """All layers are accepted, though one is kept: a client left with a single layer scales it down by itself."""
    if not section.layers or not section.sends:
        return []
    rids = [f"a=rid:{layer} recv" for layer in section.layers]
    return [*rids, f"a=simulcast:recv {';'.join(section.layers)}"]


def _data_lines(mid: str, local: LocalPeer) -> list[str]:
    return [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        *_transport_lines(mid, local),
        f"a=sctp-port:{DATA_PORT}",
        f"a=max-message-size:{MAX_MESSAGE_SIZE}",
    ]


def _transport_lines(mid: str, local: LocalPeer) -> list[str]:
    return [
        "c=IN IP4 0.0.0.0",
        *_mid_lines(mid),
        f"a=ice-ufrag:{local.ice.ufrag}",
        f"a=ice-pwd:{local.ice.password}",
        *(f"a=fingerprint:{fingerprint}" for fingerprint in local.fingerprints),
        f"a=setup:{local.setup}",
    ]


def _mid_lines(mid: str) -> list[str]:
    return [f"a=mid:{mid}"] if mid else []


def _candidate_lines(local: LocalPeer) -> list[str]:
    return [*(f"a=candidate:{candidate}" for candidate in local.candidates), "a=end-of-candidates"]


def _text(lines: list[str]) -> str:
    return "\r\n".join(lines) + "\r\n"
