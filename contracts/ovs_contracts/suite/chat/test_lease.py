"""Leases of chat streams, renewed by keepalives."""

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.documents.versions import chat_versions
from ovs_contracts.runner.marks import documented, passes_time
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

LONGEST = max(version.lease_seconds for version in chat_versions())
# How far apart two readings of one instant may be, in milliseconds.
SLACK = 50


@documented("lease: 300 s from the last keepalive; expires_at_ms = now + ttl")
@passes_time(5)
def test_a_keepalive_restarts_the_lease(chat: ChatClient, clock: TargetTime) -> None:
    """A keepalive moves expires_at_ms forward by the time since the creation."""
    before = clock.now()
    created = chat.create().expect(201).json
    after = clock.now()
    clock.let_pass(5)
    renewing = clock.now()
    renewed = chat.keepalive(created["id"]).expect(200)
    least, most = renewing - after, clock.now() - before
    moved = renewed.json["expires_at_ms"] - created["expires_at_ms"]
    assert least * 1000 - SLACK <= moved <= most * 1000 + SLACK, f"{moved} ms, after {least:.3f} to {most:.3f} s"
    hold("ttl_seconds", expected=chat.version.lease_seconds, seen=renewed.json["ttl_seconds"], exchange=renewed)
    shown = chat.status(created["id"])["expires_at_ms"]
    hold("expires_at_ms, asked again", expected=renewed.json["expires_at_ms"], seen=shown)


@documented("POST /streams/{id}/keepalive: publish has a fresh token")
def test_each_keepalive_brings_a_fresh_token(chat: ChatClient) -> None:
    """Every keepalive returns a new publish token for the same room and URL."""
    created = chat.create().expect(201).json
    answers = [chat.keepalive(created["id"]).expect(200).json for _ in range(3)]
    tokens = {created["publish"]["token"], *(answer["publish"]["token"] for answer in answers)}
    hold("different tokens", expected=4, seen=len(tokens))
    places = {(answer["id"], answer["publish"]["type"], answer["publish"]["url"]) for answer in answers}
    hold("stream and place", expected={(created["id"], "livekit", created["publish"]["url"])}, seen=places)


@documented("in keepalive stream_time_ms is a number, never null")
def test_a_keepalive_before_the_first_frame(chat: ChatClient) -> None:
    """stream_time_ms of a keepalive is a number before the first frame, too."""
    renewed = chat.keepalive(chat.stream()).expect(200)
    time = renewed.json["stream_time_ms"]
    hold("stream_time_ms is a number", expected="int", seen=type(time).__name__, exchange=renewed)


@documented("clients send keepalives without a body, with the content type of JSON")
def test_a_keepalive_needs_no_body(chat: ChatClient) -> None:
    """A keepalive accepts an empty body of type JSON."""
    stream_id = chat.stream()
    chat.keepalive(stream_id, headers={"Content-Type": "application/json"}).expect(200)
    chat.keepalive(stream_id, body={}).expect(200)


@documented("lease: 300 s from creation; end_reason expired; 404 for a keepalive after the end")
@passes_time(LONGEST + 2)
def test_an_unrenewed_lease_ends_the_stream(chat: ChatClient, clock: TargetTime) -> None:
    """A stream without keepalives is active for its lease, then ended as expired, and cannot be renewed."""
    lease, stream_id = chat.version.lease_seconds, chat.stream()
    clock.let_pass(lease - 2.5)
    hold(
        "state shortly before the end of the lease",
        expected="active",
        seen=chat.status(stream_id)["state"],
    )
    clock.let_pass(4.5)
    ended = chat.get(stream_id).expect(200)
    seen = (ended.json["state"], ended.json["end_reason"])
    hold("state and end_reason after the lease", expected=("ended", "expired"), seen=seen, exchange=ended)
    lived = ended.json["ended_at_ms"] - ended.json["created_at_ms"]
    assert lease * 1000 - 250 <= lived <= lease * 1000 + 2_000, f"it lived for {lived} ms"
    chat.keepalive(stream_id).expect(404)
    hold("state after a late keepalive", expected="ended", seen=chat.status(stream_id)["state"])


@documented("lease: 300 s from the last keepalive")
@passes_time(LONGEST + 200)
def test_a_renewed_lease_goes_on(chat: ChatClient, clock: TargetTime) -> None:
    """A stream that is renewed during its lease lives for a whole lease more."""
    lease, stream_id = chat.version.lease_seconds, chat.stream()
    clock.let_pass(lease * 2 / 3)
    chat.keepalive(stream_id).expect(200)
    clock.let_pass(lease - 3)
    hold(
        "state shortly before the end of the new lease",
        expected="active",
        seen=chat.status(stream_id)["state"],
    )
    clock.let_pass(4)
    hold("state after the new lease", expected="ended", seen=chat.status(stream_id)["state"])


@documented("lease: 300 s from creation or the last keepalive, and from nothing else")
@passes_time(LONGEST + 1)
def test_reading_the_status_does_not_renew(chat: ChatClient, clock: TargetTime) -> None:
    """Reading a stream's status does not renew its lease."""
    lease, created = chat.version.lease_seconds, chat.create().expect(201).json
    clock.let_pass(lease / 2)
    shown = chat.status(created["id"])["expires_at_ms"]
    hold("expires_at_ms after half the lease", expected=created["expires_at_ms"], seen=shown)
    clock.let_pass(lease / 2 + 1)
    hold("state after the lease", expected="ended", seen=chat.status(created["id"])["state"])
