"""Packets find their track by MID, and the largest layer that is sent is the one that is taken."""

from dataclasses import replace

from ovs_support.rtp import packet
from ovs_support.sdp import offer

from ovs_mock.ingest.webrtc.negotiation import MID, RID
from ovs_mock.ingest.webrtc.routing import MAX_DROPPED, Router
from ovs_mock.ingest.webrtc.rtp import RtpPacket
from ovs_mock.ingest.webrtc.sdp import parse

EXTMAPS = f"a=extmap:4 {MID}|a=extmap:10 {RID}"
LAYERS = "a=rid:f send|a=rid:h send|a=simulcast:send f;h"


def section(mid: str, *lines: str) -> str:
    return "|".join(["m=video 9 UDP/TLS/RTP/SAVPF 96", f"a=mid:{mid}", "a=rtpmap:96 VP8/90000", *lines])


def router(*sections: str) -> Router:
    made = Router()
    made.configure(parse(offer(*sections)).sections)
    return made


def from_(ssrc: int, mid: str | None = None, rid: str | None = None) -> RtpPacket:
    values = {4: mid, 10: rid}
    extensions = {id_: value.encode() for id_, value in values.items() if value is not None}
    return replace(packet(0, b"x", ssrc=ssrc), extensions=extensions)


def test_a_packet_goes_where_its_mid_says() -> None:
    routing = router(section("a", EXTMAPS), section("b", EXTMAPS))
    assert [routing.route(from_(1, "a")), routing.route(from_(2, "b"))] == ["a", "b"]


def test_a_source_that_was_identified_needs_not_say_it_again() -> None:
    routing = router(section("a", EXTMAPS), section("b", EXTMAPS))
    assert routing.route(from_(1)) is None
    routing.route(from_(1, "b"))
    assert routing.route(from_(1)) == "b"


def test_of_simulcast_layers_only_the_largest_passes() -> None:
    routing = router(section("a", EXTMAPS, LAYERS))
    assert routing.route(from_(1, "a")) is None, "which layer it is will be said soon"
    assert routing.route(from_(1, "a", "h")) is None
    assert routing.route(from_(2, "a", "f")) == "a"
    assert [routing.route(from_(1)), routing.route(from_(2))] == [None, "a"]


def test_a_layer_that_falls_silent_is_replaced_until_it_comes_back() -> None:
    routing = router(section("a", EXTMAPS, "a=rid:f send|a=rid:h send|a=rid:q send|a=simulcast:send f;h;q"))
    for ssrc, layer in ((1, "f"), (2, "h"), (3, "q")):
        routing.route(from_(ssrc, "a", layer))
    small = [routing.route(from_(3)) for _ in range(MAX_DROPPED + 10)]
    assert small[0] is None
    assert small[-1] == "a"
    assert [routing.route(from_(ssrc)) for ssrc in (3, 2, 3)] == ["a", "a", None], "a larger one takes over at once"
    assert [routing.route(from_(ssrc)) for ssrc in (2, 1, 2)] == ["a", "a", None]


def test_a_layer_that_is_sent_keeps_the_others_out() -> None:
    routing = router(section("a", EXTMAPS, LAYERS))
    for _ in range(3 * MAX_DROPPED):
        assert routing.route(from_(1, "a", "f")) == "a"
        assert routing.route(from_(2, "a", "h")) is None


def test_sources_that_the_description_names_are_known_at_once() -> None:
    routing = router(section("a", "a=ssrc:1 cname:x"), section("b", "a=ssrc:2 cname:x"))
    assert [routing.route(from_(n)) for n in (1, 2, 3)] == ["a", "b", None]


def test_the_only_section_takes_what_says_nothing() -> None:
    assert router(section("a")).route(from_(1)) == "a"
    assert router(section("a", EXTMAPS)).route(replace(from_(1), payload_type=97)) is None
    assert router(section("a", EXTMAPS)).route(from_(1, "gone")) is None


def test_a_section_that_is_gone_takes_its_sources_along() -> None:
    routing = router(section("a", EXTMAPS))
    routing.route(from_(1, "a"))
    routing.forget("a")
    routing.configure(parse(offer(section("b", EXTMAPS))).sections)
    assert routing.route(from_(1, "a")) is None
    assert routing.route(from_(1, "b")) == "b"
