"""Viewer tokens of v1beta."""

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.runner.marks import documented, needs, passes_time
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@documented("viewer-token: 200 {id, view: {type: livekit, url, token, expires_in_seconds: 300}}")
def test_the_form_of_a_viewer_token(v1beta: ChatClient) -> None:
    """The response has the stream's id and a LiveKit view with the publisher's URL, valid for 300 seconds."""
    created = v1beta.create().expect(201).json
    answer = v1beta.viewer_token(created["id"]).expect(200)
    view = dict(answer.json["view"])
    token = view.pop("token")
    expected = {
        "type": "livekit",
        "url": created["publish"]["url"],
        "expires_in_seconds": v1beta.version.spectator_seconds,
    }
    seen = (set(answer.json), answer.json["id"], view)
    hold("the view", expected=({"id", "view"}, created["id"], expected), seen=seen, exchange=answer)
    assert token != created["publish"]["token"]


@documented("viewer-token: subscribe-only, for the stream's room, 300 s")
def test_what_a_viewer_token_allows(v1beta: ChatClient, clock: TargetTime) -> None:
    """A viewer token is valid for 300 seconds for the stream's room and allows subscribing only."""
    created = v1beta.create().expect(201).json
    before = clock.now()
    read = claims(v1beta.viewer_token(created["id"]).expect(200).json["view"]["token"])
    after = clock.now()
    grants = {name: read["video"].get(name) for name in ("roomJoin", "canSubscribe", "canPublish")}
    hold("grants", expected={"roomJoin": True, "canSubscribe": True, "canPublish": False}, seen=grants)
    hold("may publish data", expected=False, seen=bool(read["video"].get("canPublishData", False)))
    room = claims(created["publish"]["token"])["video"]["room"]
    hold("the room", expected=room, seen=read["video"]["room"])
    # Tokens tell whole seconds, and clocks of two machines may differ.
    assert before + 295 <= read["exp"] <= after + 305, f"it expires {read['exp'] - before:.0f} s from now"


@documented("viewer-token: each viewer is a participant of its own")
def test_each_viewer_has_its_own_identity(v1beta: ChatClient) -> None:
    """Viewer tokens have different identities: LiveKit disconnects the first of two equal ones."""
    created = v1beta.create().expect(201).json
    tokens = [v1beta.viewer_token(created["id"]).expect(200).json["view"]["token"] for _ in range(2)]
    identities = {claims(token)["sub"] for token in (*tokens, created["publish"]["token"])}
    hold("identities of a publisher and two viewers", expected=3, seen=len(identities))


@documented("viewer-token: 401, 404, also for another user's; stream_id is a UUID")
def test_rejected_viewer_token_requests(v1beta: ChatClient) -> None:
    """Without a key it is 401, for an unknown or ended stream 404, and for an id that is not a UUID 422."""
    stream_id = v1beta.stream()
    errors.plain(v1beta.viewer_token(stream_id, key=None), 401)
    errors.plain(v1beta.viewer_token(stream_id, key="sk-nobody-knows-this-key"), 401)
    errors.plain(v1beta.viewer_token(UNKNOWN), 404)
    errors.invalid(v1beta.viewer_token("no-uuid"))
    v1beta.delete(stream_id).expect(200)
    errors.plain(v1beta.viewer_token(stream_id), 404)


@documented("viewer-token: owner only; 404 also for another user's stream")
@needs(Capability.SECOND_KEY)
def test_another_user_gets_no_viewer_token(v1beta: ChatClient, other_key: str) -> None:
    """Another user's stream is 404."""
    errors.plain(v1beta.viewer_token(v1beta.stream(), key=other_key), 404)


@documented("a viewer's token watches; leases are renewed by keepalives only")
@passes_time(2)
def test_a_viewer_token_renews_nothing(v1beta: ChatClient, clock: TargetTime) -> None:
    """Requesting a viewer token does not renew the lease."""
    created = v1beta.create().expect(201).json
    clock.let_pass(2)
    v1beta.viewer_token(created["id"]).expect(200)
    shown = v1beta.status(created["id"])["expires_at_ms"]
    hold("expires_at_ms", expected=created["expires_at_ms"], seen=shown)
