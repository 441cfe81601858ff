"""Reading SDP: browsers' offers, damaged ones, anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.sdp import BROWSER_OFFER, video

from ovs_mock.ingest.webrtc.sdp import Ice, is_reachable, parse


def test_a_browsers_offer_is_read() -> None:
    offer = parse(BROWSER_OFFER)
    (section,) = offer.sections
    assert offer.bundled == ("0",)
    assert (section.kind, section.mid, section.port) == ("video", "0", 9)
    assert section.sends
    assert section.ice == Ice("Kx3r", "p4sswordp4sswordp4ssword")
    assert section.values("fingerprint") == ["sha-256 AB:CD"]
    assert section.value("setup") == "actpass"
    assert section.extensions[4] == "urn:ietf:params:rtp-hdrext:sdes:mid"
    assert section.ssrcs == {1001, 1002}


def test_codecs_carry_their_parameters_and_feedback() -> None:
    vp8, rtx, h264, *_ = parse(BROWSER_OFFER).sections[0].codecs
    assert (vp8.payload_type, vp8.name, vp8.feedback) == (96, "VP8", ("goog-remb", "transport-cc", "nack", "nack pli"))
    assert (rtx.name, rtx.fmtp) == ("RTX", "apt=96")
    assert h264.fmtp == "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"


@pytest.mark.parametrize(
    ("lines", "layers", "by_size"),
    [
        ("a=rid:f send|a=rid:h send|a=rid:q send|a=simulcast:send f;h;q", ("f", "h", "q"), "fhq"),
        ("a=rid:q send|a=rid:h send|a=rid:f send|a=simulcast:send q;h;f", ("q", "h", "f"), "fhq"),
        ("a=rid:h send|a=rid:q send|a=simulcast:send h;q", ("h", "q"), "hq"),
        ("a=rid:1 send|a=rid:2 send|a=simulcast:send 1;~2", ("1", "2"), "21"),
        ("a=rid:a send|a=simulcast:recv x send a,b", ("a",), "a"),
        ("a=rid:a send", ("a",), "a"),
        ("a=rid:a recv", (), ""),
        ("a=sendonly", (), ""),
    ],
)
def test_simulcast_layers(lines: str, layers: tuple[str, ...], by_size: str) -> None:
    section = parse(video(*lines.split("|"))).sections[0]
    assert section.layers == layers
    assert section.layers_by_size == tuple(by_size)


def test_the_session_speaks_for_sections_that_say_nothing() -> None:
    text = video().replace("t=0 0\r\n", "t=0 0\r\na=recvonly\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=setup:active\r\n")
    section = parse(text).sections[0]
    assert not section.sends
    assert section.ice == Ice("u", "p")
    assert parse(text + "a=sendonly\r\na=setup:passive\r\n").sections[0].sends
    assert parse(text + "a=setup:passive\r\n").sections[0].value("setup") == "passive"


def test_port_0_is_a_refusal_unless_the_section_is_bundled_only() -> None:
    refused = video().replace("m=video 9", "m=video 0")
    assert parse(refused).sections[0].rejected
    assert not parse(refused + "a=bundle-only\r\n").sections[0].rejected


def test_lines_may_end_in_newlines_only_and_be_padded() -> None:
    assert parse(BROWSER_OFFER.replace("\r\n", "\n").strip()) == parse(BROWSER_OFFER)


@pytest.mark.parametrize(
    ("candidate", "reachable"),
    [
        ("1 1 udp 2113937151 192.0.2.7 51042 typ host", True),
        ("1 1 UDP 2113937151 2001:db8::1 51042 typ host", True),
        ("1 1 udp 2113937151 0b5e1a30-6b1c.local 51042 typ host", False),
        ("1 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active", False),
        ("nonsense", False),
    ],
)
def test_candidates_that_cannot_be_reached_at_once_are_left_out(candidate: str, reachable: bool) -> None:  # noqa: FBT001
    assert is_reachable(candidate) is reachable
    assert parse(video(f"a=candidate:{candidate}")).sections[0].candidates == ((candidate,) if reachable else ())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "does not begin with 'v=0'"),
        ("hello", "a line that is none: 'hello'"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 96", "does not begin with 'v=0'"),
        ("v=0\r\ns=-", "no media section"),
        ("v=0\r\nm=video", "a media line that is none: 'm=video'"),
        ("v=0\r\nm=video nine RTP 96", "no number where one belongs (media line): 'nine'"),
        ("v=0\r\nm=video 9 RTP x\r\na=rtpmap:x VP8/90000", "no number where one belongs (rtpmap): 'x'"),
        ("v=0\r\nm=video 9 RTP 96\r\na=ssrc:one cname:x", "no number where one belongs (ssrc): 'one'"),
        ("v=0\r\nm=video 9 RTP 96\r\na=extmap:a urn:x", "no number where one belongs (extmap): 'a'"),
    ],
)
def test_what_is_no_sdp_is_refused_in_clear_words(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="SDP") as refused:
        parse(text)
    assert complaint in str(refused.value)


@given(st.integers(0, len(BROWSER_OFFER)), st.text(max_size=20), st.integers(0, 30))
def test_a_damaged_offer_is_read_or_refused(position: int, insertion: str, cut: int) -> None:
    damaged = BROWSER_OFFER[:position] + insertion + BROWSER_OFFER[position + cut :]
    try:
        sections = parse(damaged).sections
    except ValueError:
        return
    for section in sections:
        _ = section.layers, section.layers_by_size, section.candidates, section.ice, section.sends
