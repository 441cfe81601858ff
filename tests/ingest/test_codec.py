"""Signalling messages as LiveKit clients write them, and nonsense."""

import json
from base64 import urlsafe_b64encode
from gzip import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models, rtc

from ovs_mock.ingest.livekit.codec import (
    MAX_JOIN_BYTES,
    decode_candidate,
    decode_join,
    decode_query,
    decode_request,
)


def query(join: bytes, compression: rtc.WrappedJoinRequest.Compression) -> dict[str, str]:
    wrapped = rtc.WrappedJoinRequest(compression=compression, join_request=join)
    return {"join_request": urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")}


OFFER = rtc.SessionDescription(type="offer", sdp="v=0", id=3)
HOST = "candidate:1 1 udp 1 192.0.2.1 1 typ host"
TRACK = rtc.AddTrackRequest(cid="c", type=models.VIDEO)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_join_request_is_unwrapped(zipped: bool) -> None:  # noqa: FBT001
    message = rtc.JoinRequest(publisher_offer=OFFER, add_track_requests=[TRACK]).SerializeToString()
    if zipped:
        join = decode_join(query(compress(message), rtc.WrappedJoinRequest.GZIP))
    else:
        join = decode_join(query(message, rtc.WrappedJoinRequest.NONE))
    assert join.offer == OFFER
    assert join.tracks == (TRACK,)
    assert not join.reconnect


def test_a_join_request_without_an_offer_has_none() -> None:
    join = decode_join(query(rtc.JoinRequest(reconnect=True).SerializeToString(), rtc.WrappedJoinRequest.NONE))
    assert join.offer is None
    assert join.reconnect


@pytest.mark.parametrize(
    "wrapped",
    [
        {"join_request": "%%%"},
        {"join_request": ""},
        {},
        {"join_request": "AAAA"},
        {"join_request": "A"},
        query(b"not zipped", rtc.WrappedJoinRequest.GZIP),
        query(b"\xff", rtc.WrappedJoinRequest.NONE),
    ],
)
def test_a_join_request_that_is_none_is_refused(wrapped: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="join_request is not a LiveKit join request"):
        decode_join(wrapped)


def test_a_join_request_cannot_blow_up() -> None:
    bomb = compress(bytes(2 * MAX_JOIN_BYTES))
    with pytest.raises(ValueError, match="too large"):
        decode_join(query(bomb, rtc.WrappedJoinRequest.GZIP))


@pytest.mark.parametrize(
    ("parameters", "reconnect"), [({}, False), ({"reconnect": "1"}, True), ({"reconnect": "true", "sid": "PA_1"}, True)]
)
def test_the_older_protocol_has_parameters(parameters: dict[str, str], reconnect: bool) -> None:  # noqa: FBT001
    assert decode_query(parameters).reconnect is reconnect


def test_a_request_is_read() -> None:
    request = rtc.SignalRequest(ping=7)
    assert decode_request(request.SerializeToString()) == request


@given(st.binary(max_size=50))
def test_any_bytes_are_a_request_or_refused(data: bytes) -> None:
    try:
        decode_request(data)
    except ValueError as refused:
        assert "not a LiveKit signal request" in str(refused)


@given(st.text(max_size=50))
def test_any_join_parameter_is_read_or_refused(text: str) -> None:
    try:
        decode_join({"join_request": text})
    except ValueError:
        return


@pytest.mark.parametrize(
    ("init", "candidate"),
    [
        (
            json.dumps({"candidate": "candidate:1 1 udp 1 192.0.2.1 1 typ host", "sdpMid": "0"}),
            "candidate:1 1 udp 1 192.0.2.1 1 typ host",
        ),
        (json.dumps({"candidate": ""}), ""),
        ("null", ""),
        ("", ""),
    ],
)
def test_a_candidate_is_taken_out_of_its_json(init: str, candidate: str) -> None:
    assert decode_candidate(rtc.TrickleRequest(candidateInit=init)) == candidate


def test_a_candidate_that_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="no JSON"):
        decode_candidate(rtc.TrickleRequest(candidateInit="{"))
