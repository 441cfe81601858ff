"""New streams of chat versions."""

from typing import Any
from uuid import UUID

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.livekit.token import claims
from ovs_contracts.runner.marks import documented, streams
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

FORMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "an empty object": {"body": {}},
    "a content type alone": {"headers": {"Content-Type": "application/json"}},
}


@documented("clients create streams with no body and no content type, or with {}")
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_body_is_needed(chat: ChatClient, form: dict[str, Any]) -> None:
    """A stream is created without a body, with an empty object, or with an empty body of type JSON."""
    created = chat.create(**form).expect(201)
    hold("the state of a new stream", expected="active", seen=created.json["state"], exchange=created)


@documented("v1 and v1beta, POST /streams")
def test_what_a_new_stream_shows(chat: ChatClient) -> None:
    """A new stream is active and has a UUID, the version's lease, and the place to publish to."""
    lease = chat.version.lease_seconds
    created = chat.create().expect(201)
    seen = created.json
    hold("the id", expected=str(UUID(seen["id"])), seen=seen["id"], exchange=created)
    hold("state and lease", expected=("active", lease), seen=(seen["state"], seen["ttl_seconds"]), exchange=created)
    integers = [type(seen[name]).__name__ for name in ("ttl_seconds", "expires_at_ms")]
    hold("ttl_seconds and expires_at_ms are integers", expected=["int", "int"], seen=integers, exchange=created)
    publish = seen["publish"]
    hold("keys of publish", expected={"type", "url", "token"}, seen=set(publish), exchange=created)
    hold("type of publish", expected="livekit", seen=publish["type"], exchange=created)
    assert publish["url"].startswith(("ws://", "wss://")), publish["url"]


@documented("v1 and v1beta, POST /streams: publish.token; its LiveKit room is the stream's")
def test_the_token_of_a_new_stream_may_publish(chat: ChatClient, clock: TargetTime) -> None:
    """The token of a new stream is valid and allows joining a room and publishing there."""
    read = claims(chat.create().expect(201).json["publish"]["token"])
    grants = {name: read["video"].get(name, True) for name in ("roomJoin", "canPublish")}
    hold("grants of the token", expected={"roomJoin": True, "canPublish": True}, seen=grants)
    assert read["video"]["room"], "the token names a room"
    assert read["exp"] > clock.now()


@documented("lease: expires_at_ms = now + ttl, in Unix milliseconds")
def test_when_a_new_stream_expires(chat: ChatClient, clock: TargetTime) -> None:
    """expires_at_ms is one lease after the creation, in Unix milliseconds."""
    expected = chat.version.lease_seconds * 1000
    created = chat.create().expect(201).json
    status = chat.status(created["id"])
    lease = created["expires_at_ms"] - status["created_at_ms"]
    assert abs(lease - expected) <= 250, f"a lease of {expected} ms, not {lease}"
    hold("expires_at_ms, asked again", expected=created["expires_at_ms"], seen=status["expires_at_ms"])
    # Clocks of two machines may differ.
    assert abs(status["created_at_ms"] / 1000 - clock.now()) < 60


@documented("v1 and v1beta: every POST /streams makes one")
@streams(2)
def test_streams_are_independent(chat: ChatClient) -> None:
    """Two streams have different ids and tokens, and deleting one does not end the other."""
    one, other = chat.create().expect(201).json, chat.create().expect(201).json
    assert one["id"] != other["id"]
    assert one["publish"]["token"] != other["publish"]["token"]
    chat.delete(one["id"]).expect(200)
    hold("state of the other", expected="active", seen=chat.status(other["id"])["state"])
