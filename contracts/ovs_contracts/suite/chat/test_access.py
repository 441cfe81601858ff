"""Authentication and ownership in chat versions."""

from collections.abc import Callable

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient, frame_of
from ovs_contracts.runner.marks import documented, needs
from ovs_contracts.suite.arranged import draining
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import Exchange, hold

CALLS: dict[str, Callable[..., Exchange]] = {
    "POST streams": lambda chat, _, **more: chat.create(**more),
    "GET stream": lambda chat, stream_id, **more: chat.get(stream_id, **more),
    "POST keepalive": lambda chat, stream_id, **more: chat.keepalive(stream_id, **more),
    "POST chat": lambda chat, _, **more: chat.ask(**more),
    "DELETE stream": lambda chat, stream_id, **more: chat.delete(stream_id, **more),
}
OF_STREAMS = ("GET stream", "POST keepalive", "DELETE stream")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
NOBODYS = "sk-nobody-knows-this-key"
NO_UUIDS = ("1", "stream", UNKNOWN[:-1], UNKNOWN + "0", "zzzzzzzz-0000-4000-8000-000000000000")
ALL = pytest.mark.parametrize("send", CALLS.values(), ids=CALLS)
OF_ONE_STREAM = pytest.mark.parametrize("send", [CALLS[name] for name in OF_STREAMS], ids=OF_STREAMS)


@documented("401: missing, unknown or revoked key; errors are {detail}")
@ALL
def test_a_key_is_needed(chat: ChatClient, send: Callable[..., Exchange]) -> None:
    """Without a key, with an unknown key or with a scheme other than Bearer the response is 401 with a detail."""
    stream_id = chat.stream()
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {chat.key}"}):
        errors.plain(send(chat, stream_id, key=None, headers=headers), 401)
    said = errors.plain(send(chat, stream_id, key=NOBODYS), 401)
    hold("the key is not repeated", expected=False, seen=NOBODYS in said)
    hold("state of the stream", expected="active", seen=chat.status(stream_id)["state"])


@documented("Authorization: Bearer <key>; in HTTP the name of a scheme may be written in any case")
def test_how_a_key_is_sent(chat: ChatClient) -> None:
    """The scheme "bearer" is case-insensitive, and a key in the query string is not accepted."""
    stream_id = chat.stream()
    chat.get(stream_id, key=None, headers={"Authorization": f"bearer {chat.key}"}).expect(200)
    for name in ("api_key", "key", "token"):
        address = f"{chat.prefix}/streams/{stream_id}?{name}={chat.key}"
        errors.plain(chat.http("GET", address), 401)


@documented("the publish token is for LiveKit only; it never authenticates HTTP")
@ALL
def test_a_publish_token_is_no_key(chat: ChatClient, send: Callable[..., Exchange]) -> None:
    """The publish token of a stream is not accepted as an API key."""
    created = chat.create().expect(201).json
    errors.plain(send(chat, created["id"], key=created["publish"]["token"]), 401)


@documented("401: revoked key")
@needs(Capability.CONTROL)
@ALL
def test_a_revoked_key(chat: ChatClient, controls: Controls, send: Callable[..., Exchange]) -> None:
    """A revoked key gets 401 at once, while another key of the same user still works."""
    stream_id, second = chat.stream(), chat.key + "-second"
    controls.open_account(second, same_user_as=chat.key)
    hold("state, by the second key", expected="active", seen=chat.status(stream_id, key=second)["state"])
    controls.revoke(second)
    errors.plain(send(chat, stream_id, key=second), 401)
    chat.get(stream_id).expect(200)


@documented("403: a key with no user")
@needs(Capability.CONTROL)
def test_a_key_without_a_user(chat: ChatClient, controls: Controls) -> None:
    """A key that belongs to no user gets 403 with a detail when it creates a stream."""
    lonely = chat.key + "-without-user"
    controls.open_account_without_user(lonely)
    errors.plain(chat.create(key=lonely), 403)


@documented("503: draining or starting up")
@needs(Capability.CONTROL)
def test_a_draining_server(chat: ChatClient, controls: Controls) -> None:
    """A draining server rejects new streams and completions with 503 and a detail."""
    with draining(controls):
        errors.plain(chat.create(), 503)
        errors.plain(chat.ask(), 503)
    chat.create().expect(201)


@documented("stream_id is a UUID; anything else is 422, in the form of validation errors")
@OF_ONE_STREAM
def test_ids_are_uuids(chat: ChatClient, send: Callable[..., Exchange]) -> None:
    """A stream id that is not a UUID is 422."""
    for wrong in NO_UUIDS:
        errors.invalid(send(chat, wrong))


@documented("404: stream unknown; errors are {detail}")
@OF_ONE_STREAM
def test_unknown_streams(chat: ChatClient, send: Callable[..., Exchange]) -> None:
    """An unknown stream id is 404 with a detail."""
    errors.plain(send(chat, UNKNOWN), 404)


@documented("404: another user's stream; never reveal which")
@needs(Capability.SECOND_KEY)
@OF_ONE_STREAM
def test_streams_of_another_user(chat: ChatClient, other_key: str, send: Callable[..., Exchange]) -> None:
    """Another user's stream gets the same response as an unknown stream, and does not change."""
    stream_id = chat.stream()
    foreign = errors.plain(send(chat, stream_id, key=other_key), 404)
    unknown = errors.plain(send(chat, UNKNOWN, key=other_key), 404)
    hold("what is said", expected=unknown.replace(UNKNOWN, ""), seen=foreign.replace(stream_id, ""))
    hold("state of the stream", expected="active", seen=chat.status(stream_id)["state"])


@documented("404: stream unknown; v1beta with code stream_not_found")
def test_unknown_streams_in_chats(chat: ChatClient) -> None:
    """A completion that refers to an unknown stream is 404."""
    errors.refused(chat.ask(frame_of(UNKNOWN)), chat.version, "stream_not_found")


@documented("another user's stream in a chat: 404 in v1, 403 stream_unauthorized in v1beta")
@needs(Capability.SECOND_KEY)
def test_streams_of_another_user_in_chats(chat: ChatClient, other_key: str) -> None:
    """A completion about another user's stream is 404 as for an unknown one in v1, and 403 in v1beta."""
    answer = chat.ask(frame_of(chat.stream()), key=other_key)
    errors.refused(answer, chat.version, "stream_unauthorized")
    if chat.version.error_statuses["stream_unauthorized"] == 404:
        unknown = errors.plain(chat.ask(frame_of(UNKNOWN), key=other_key), 404)
        hold("the error text", expected=unknown, seen=errors.plain(answer, 404), exchange=answer)


@documented("two keys of a user are the same user: streams belong to users")
@needs(Capability.CONTROL)
def test_two_keys_of_one_user(chat: ChatClient, controls: Controls) -> None:
    """Another key of the same user may read, renew and delete a stream."""
    stream_id, second = chat.stream(), chat.key + "-of-the-same-user"
    controls.open_account(second, same_user_as=chat.key)
    chat.get(stream_id, key=second).expect(200)
    chat.keepalive(stream_id, key=second).expect(200)
    chat.delete(stream_id, key=second).expect(200)
