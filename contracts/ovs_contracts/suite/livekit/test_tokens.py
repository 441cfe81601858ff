"""The claims of LiveKit tokens. Only the server can verify their signatures."""

from ovs_contracts.client.livekit.token import claims
from ovs_contracts.client.response_validator import hold_schema
from ovs_contracts.client.v02 import VERSION
from ovs_contracts.runner.marks import documented, mock_only, passes_time
from ovs_contracts.suite.livekit.rooms import LiveKitRoom
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

# Clocks of two machines differ, and tokens tell whole seconds.
SLACK = 5


@documented("publish URLs start with ws:// or wss://")
def test_the_url_is_a_websocket_url(room: LiveKitRoom) -> None:
    """The URL to publish to begins with ws:// or wss://."""
    hold("scheme of the address", expected=True, seen=room.url.startswith(("ws://", "wss://")))


@documented("publish: {type: livekit, url, token}; native: livekit {url, token}")
def test_a_publish_token_opens_a_room_to_publish(room: LiveKitRoom) -> None:
    """A publish token has an identity and a room, and allows joining and publishing only."""
    hold_schema("publish-token", claims(room.token))
    hold_schema("publish-token", claims(room.renewed_token()))


@documented("publish tokens are short-lived JWTs, valid when they are given out")
def test_a_publish_token_is_valid_now_and_not_for_ever(room: LiveKitRoom, clock: TargetTime) -> None:
    """A publish token is valid from now on, for at least a minute and at most a day."""
    before = clock.now()
    read = claims(room.renewed_token())
    assert read.get("nbf", 0) <= clock.now() + SLACK, "it is valid already"
    lasts = read["exp"] - before
    assert 60 <= lasts <= 86_400, f"it lasts {lasts:.0f} s"


@mock_only("how long a publish token lasts is an open question")
def test_the_lifetime_of_a_publish_token(room: LiveKitRoom) -> None:
    """A publish token is valid for 600 seconds."""
    for token in (room.token, room.renewed_token()):
        read = claims(token)
        hold("lifetime of a token", expected=600, seen=read["exp"] - read["nbf"])


@documented("keepalive: a fresh token, for the same room")
def test_a_keepalive_brings_a_fresh_token_of_the_same_identity(room: LiveKitRoom) -> None:
    """Each keepalive returns a new token for the same identity and room."""
    tokens = [room.token, room.renewed_token(), room.renewed_token()]
    hold("different tokens", expected=3, seen=len(set(tokens)))
    for read in map(claims, tokens[1:]):
        first = claims(room.token)
        hold("room of a fresh token", expected=first["video"]["room"], seen=read["video"]["room"])
        hold("holder of a fresh token", expected=first["sub"], seen=read["sub"])


@documented("keepalive: a fresh token")
@passes_time(2)
def test_a_fresh_token_lasts_longer(room: LiveKitRoom, clock: TargetTime) -> None:
    """A token that was issued two seconds later expires later."""
    clock.let_pass(2)
    first, fresh = claims(room.token)["exp"], claims(room.renewed_token())["exp"]
    assert fresh > first, f"the fresh token expires at {fresh}, the first one at {first}"


@mock_only("the documents do not say how rooms are named")
def test_the_room_is_named_by_the_stream(room: LiveKitRoom) -> None:
    """The name of the room is the stream's id."""
    hold("name of the room", expected=room.stream_id, seen=claims(room.token)["video"]["room"])


@documented("spectate: a subscribe-only token, valid 5 minutes")
def test_what_a_spectator_may_do(results_room: LiveKitRoom, clock: TargetTime) -> None:
    """A spectator's token is valid for 300 seconds for the stream's room and allows subscribing only."""
    before = clock.now()
    read = claims(results_room.spectator_token())
    hold_schema("watch-token", read)
    publisher = claims(results_room.token)
    hold("the room", expected=publisher["video"]["room"], seen=read["video"]["room"])
    assert read["sub"] != publisher["sub"], "a second holder of a name would put out the first"
    assert abs(read["exp"] - before - (VERSION.spectator_seconds)) <= SLACK, (
        f"it expires {read['exp'] - before:.0f} s from now"
    )
