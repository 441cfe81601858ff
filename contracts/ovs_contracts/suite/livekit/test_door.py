"""Which tokens open a room, as LiveKit's server answers over plain HTTP."""

from collections.abc import Callable

import pytest

from ovs_contracts.runner.marks import documented, mock_only, passes_time
from ovs_contracts.suite.livekit.rooms import LiveKitRoom, RoomHttpClient, altered, damaged, foreign, unsigned
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

PATHS = ("/rtc/validate", "/rtc/v1/validate")
PAGE = {"Origin": "https://app.example"}
ANOTHER = "00000000-0000-4000-8000-000000000000"

WRONG: dict[str, Callable[[str], str | None]] = {
    "none": lambda token: None,
    "no token at all": lambda token: "not-a-token",
    "damaged": damaged,
    "another's signature": foreign,
    "no signature": unsigned,
    "another room": lambda token: altered(token, room=ANOTHER),
}


@documented("LiveKit: GET /rtc/validate with a token that opens the room is 200")
def test_a_good_token_is_valid(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """A publish token, whether from the creation or a keepalive, is valid for the room."""
    room_http.validate(room.token).expect(200)
    room_http.validate(room.renewed_token()).expect(200)


@documented("LiveKit: subscribe-only tokens open the room too")
def test_a_subscribe_only_token_is_valid(
    watched_room: LiveKitRoom, room_http_for: Callable[[LiveKitRoom], RoomHttpClient]
) -> None:
    """A subscribe-only token is valid for the room."""
    room_http_for(watched_room).validate(watched_room.spectator_token()).expect(200)


@documented("LiveKit: newer clients ask GET /rtc/v1/validate")
def test_the_newer_path_accepts_the_same_tokens(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """Where the newer validate path exists it accepts and rejects the same tokens; else it is 404."""
    good = room_http.validate(room.token, path="/rtc/v1/validate").expect(200, 404)
    bad = room_http.validate(damaged(room.token), path="/rtc/v1/validate")
    bad.expect(401 if good.status == 200 else 404)


@documented("LiveKit: a token that is not genuine is 401")
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_token_is_refused(room: LiveKitRoom, room_http: RoomHttpClient, wrong: str) -> None:
    """A token that is missing, malformed, damaged, altered, or not signed by this server is 401."""
    room_http.validate(WRONG[wrong](room.token)).expect(401)


@documented("native clients fall back to the older protocol on a handshake status of exactly 404")
def test_a_refused_socket_is_401(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """A WebSocket handshake with a damaged token is 401, not 404: clients would fall back to an older protocol."""
    room_http.handshake(damaged(room.token)).expect(401)


@mock_only("not every server speaks the newer protocol")
def test_a_refused_socket_is_401_at_the_newer_path(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """At the newer path a handshake with a damaged token is 401, too."""
    room_http.validate(room.token, path="/rtc/v1/validate").expect(200)
    room_http.handshake(damaged(room.token), path="/rtc/v1").expect(401)


@documented("a browser learns why it was refused only from validate, so that answer needs CORS")
@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_read_the_validation(room: LiveKitRoom, room_http: RoomHttpClient, path: str) -> None:
    """A page of another origin can read responses of validate, including errors."""
    for token in (room.token, damaged(room.token)):
        answer = room_http.validate(token, path=path, headers=PAGE).expect(200, 401, 404)
        allowed = answer.headers.get("access-control-allow-origin")
        hold("who may read it", expected=True, seen=allowed in ("*", PAGE["Origin"]), exchange=answer)


@documented("browsers send the token as a parameter, as their sockets have no headers")
def test_a_token_may_be_a_parameter(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """A token in the query parameter access_token is checked like one in the header."""
    room_http.validate(None, path=f"/rtc/validate?access_token={room.token}").expect(200)
    room_http.validate(None, path=f"/rtc/validate?access_token={damaged(room.token)}").expect(401)


@mock_only("how long a publish token lasts is an open question")
@passes_time(605)
def test_an_expired_publish_token_is_refused(
    chat_room: LiveKitRoom, room_http_for: Callable[[LiveKitRoom], RoomHttpClient], clock: TargetTime
) -> None:
    """After 600 seconds a publish token is 401, while a fresh one is accepted."""
    room_http = room_http_for(chat_room)
    for seconds in (290, 290):
        clock.let_pass(seconds)
        chat_room.renewed_token()
    room_http.validate(chat_room.token).expect(200)
    clock.let_pass(25)
    room_http.validate(chat_room.token).expect(401)
    room_http.validate(chat_room.renewed_token()).expect(200)


@documented("a viewer's token is valid for 300 s")
@passes_time(305)
def test_an_expired_viewer_token_is_refused(
    v1beta_room: LiveKitRoom, room_http_for: Callable[[LiveKitRoom], RoomHttpClient], clock: TargetTime
) -> None:
    """After 300 seconds a viewer token is 401."""
    room_http, token = room_http_for(v1beta_room), v1beta_room.spectator_token()
    clock.let_pass(290)
    v1beta_room.renewed_token()
    room_http.validate(token).expect(200)
    clock.let_pass(15)
    room_http.validate(token).expect(401)


@mock_only("the documents do not say what becomes of the tokens of an ended stream")
def test_the_room_of_an_ended_stream_is_closed(room: LiveKitRoom, room_http: RoomHttpClient) -> None:
    """Once a stream has ended its tokens are 401."""
    room.end()
    room_http.validate(room.token).expect(401)


@documented("LiveKit: grants are those that were signed")
def test_altered_grants_are_refused(
    watched_room: LiveKitRoom, room_http_for: Callable[[LiveKitRoom], RoomHttpClient]
) -> None:
    """A subscribe-only token that was altered to allow publishing is 401."""
    room_http_for(watched_room).validate(altered(watched_room.spectator_token(), canPublish=True)).expect(401)
