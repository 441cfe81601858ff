"""Answers, which are read back with the same parser that reads offers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.sdp import BROWSER_OFFER, offer, video

from ovs_mock.ingest.webrtc.negotiation import (
    ABS_SEND_TIME,
    MID,
    REPAIRED_RID,
    RID,
    LocalPeer,
    accepted,
    answer,
    data_offer,
    setup_for,
)
from ovs_mock.ingest.webrtc.sdp import Ice, SessionDescription, parse

LOCAL = LocalPeer(
    ice=Ice("ours", "ourpasswordourpassword"),
    fingerprints=("sha-256 12:34", "sha-384 56:78"),
    candidates=("1 1 udp 2130706431 127.0.0.1 40000 typ host",),
    setup="active",
)
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111 0|a=mid:1|a=rtpmap:111 opus/48000/2|a=rtpmap:0 PCMU/8000"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel|a=mid:2|a=sctp-port:5000"
VIDEO = "m=video 9 UDP/TLS/RTP/SAVPF 96|a=mid:0|a=rtpmap:96 VP8/90000"


def answered(text: str) -> SessionDescription:
    return parse(answer(parse(text), LOCAL))


def test_a_browsers_video_is_accepted() -> None:
    (section,) = answered(BROWSER_OFFER).sections
    assert not section.rejected
    assert "recvonly" in dict(section.attributes)
    assert section.mid == "0"
    assert section.ice == LOCAL.ice
    assert section.values("fingerprint") == list(LOCAL.fingerprints)
    assert section.candidates == LOCAL.candidates
    assert section.value("end-of-candidates") == ""


def test_codecs_that_cannot_be_received_are_dropped() -> None:
    codecs = answered(BROWSER_OFFER).sections[0].codecs
    assert [(codec.payload_type, codec.name) for codec in codecs] == [(96, "VP8"), (102, "H264")]


def test_the_answer_asks_for_a_high_bitrate_from_the_start() -> None:
    vp8, h264 = answered(BROWSER_OFFER).sections[0].codecs
    assert vp8.fmtp == "x-google-start-bitrate=3000"
    assert h264.fmtp.split(";") == [
        "level-asymmetry-allowed=1",
        "packetization-mode=1",
        "profile-level-id=42e01f",
        "x-google-start-bitrate=3000",
    ]


def test_an_offered_start_bitrate_is_replaced() -> None:
    vp8 = answered(video("a=fmtp:96 x-google-start-bitrate=315;max-fr=30")).sections[0].codecs[0]
    assert vp8.fmtp == "max-fr=30;x-google-start-bitrate=3000"


def test_feedback_that_is_sent_is_accepted_and_no_other() -> None:
    vp8, _ = answered(BROWSER_OFFER).sections[0].codecs
    assert vp8.feedback == ("goog-remb", "nack", "nack pli")


def test_the_extensions_that_simulcast_needs_are_accepted_under_their_ids() -> None:
    extensions = answered(BROWSER_OFFER).sections[0].extensions
    assert extensions == {2: ABS_SEND_TIME, 4: MID, 10: RID, 11: REPAIRED_RID}


def test_all_simulcast_layers_are_accepted() -> None:
    (section,) = answered(video("a=rid:q send", "a=rid:h send", "a=rid:f send", "a=simulcast:send q;h;f")).sections
    assert section.values("rid") == ["q recv", "h recv", "f recv"]
    assert section.values("simulcast") == ["recv q;h;f"]


def test_a_section_that_only_receives_is_kept_but_idle() -> None:
    """livekit clients of protocol v1 open with six of those, and publish into new ones later."""
    (section,) = answered(video("a=recvonly", f"a=extmap:4 {MID}", f"a=extmap:5 {RID}")).sections
    assert not section.rejected
    assert section.value("inactive") == ""
    assert section.extensions == {4: MID, 5: RID}


def test_sound_and_data_are_accepted_on_the_same_transport() -> None:
    description = answered(offer(VIDEO, AUDIO, DATA, bundle="0 1 2"))
    video_, audio, data = description.sections
    assert description.bundled == ("0", "1", "2")
    assert [codec.name for codec in audio.codecs] == ["OPUS"]
    assert data.value("sctp-port") == "5000"
    assert [bool(section.candidates) for section in (video_, audio, data)] == [True, False, False]


def test_a_section_without_a_usable_codec_is_refused() -> None:
    vp9 = "m=video 9 UDP/TLS/RTP/SAVPF 98|a=mid:3|a=rtpmap:98 VP9/90000"
    description = answered(offer(vp9, VIDEO, bundle="3 0"))
    refused, taken = description.sections
    assert (refused.rejected, refused.mid, taken.rejected) == (True, "3", False)
    assert description.bundled == ("0",)
    assert taken.candidates == LOCAL.candidates


def test_there_is_one_transport_so_what_is_not_bundled_is_refused() -> None:
    assert [s.rejected for s in answered(offer(VIDEO, AUDIO)).sections] == [False, True]
    assert [s.rejected for s in answered(offer(VIDEO, AUDIO, DATA, bundle="0 2")).sections] == [False, True, False]


def test_a_refused_section_stays_refused() -> None:
    assert accepted(parse(video().replace("m=video 9", "m=video 0"))) == ()


@pytest.mark.parametrize(
    ("theirs", "ours"), [("actpass", "active"), ("passive", "active"), ("active", "passive"), (None, "active")]
)
def test_dtls_roles(theirs: str | None, ours: str) -> None:
    assert setup_for(theirs) == ours


def test_our_own_offer_is_for_data_only() -> None:
    (section,) = parse(data_offer(LOCAL)).sections
    assert (section.kind, section.formats) == ("application", ("webrtc-datachannel",))
    assert section.candidates == LOCAL.candidates


SECTIONS = st.lists(
    st.sampled_from([VIDEO, AUDIO, DATA, VIDEO.replace("VP8", "VP9"), VIDEO + "|a=recvonly"]), min_size=1
)


@given(SECTIONS)
def test_an_answer_has_the_sections_of_the_offer_in_their_order(sections: list[str]) -> None:
    numbered = [section.replace(section.split("|")[1], f"a=mid:{n}") for n, section in enumerate(sections)]
    text = offer(*numbered, bundle=" ".join(str(n) for n in range(len(sections))))
    offered, reply = parse(text), answered(text)
    assert [(s.kind, s.mid, s.protocol) for s in reply.sections] == [
        (s.kind, s.mid, s.protocol) for s in offered.sections
    ]
    assert reply.bundled == tuple(s.mid for s in reply.sections if not s.rejected)
    for theirs, ours in zip(offered.sections, reply.sections, strict=True):
        assert {c.payload_type for c in ours.codecs} <= {c.payload_type for c in theirs.codecs}
