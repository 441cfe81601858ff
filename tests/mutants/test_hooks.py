"""Where a mutant can step in: each hook by an example, seen from outside."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import httpx
import jwt
import pytest
from ovs_support.v02 import body, push_frame, results

from ovs_mock import BackgroundMock, Settings
from ovs_mock.api.message_filter import CloseFrame, Item, MessageFilter
from ovs_mock.engine.commands import UpdatePrompt
from ovs_mock.engine.events import Event, StreamEnded
from ovs_mock.engine.state import Deadline
from ovs_mock.engine.stream import EndReason
from ovs_mock.mutants import message_filters
from ovs_mock.mutants.edits import put
from ovs_mock.mutants.engines import edit_command, edit_event, on_deadline
from ovs_mock.mutants.mutant import NO_MUTANT, Mutant
from ovs_mock.mutants.requests import as_owner, bodies, headers, refused
from ovs_mock.mutants.responses import on, respond
from ovs_mock.mutants.tokens import claims

ORIGIN = {"Origin": "https://app.example"}
CHAT = {"model": "Qwen/Qwen3.5-9B", "messages": [{"role": "user", "content": "Say a word."}]}


@contextmanager
def mutated_mock(**hooks: Any) -> Iterator[BackgroundMock]:
    mutant = replace(NO_MUTANT, name="a-test", **hooks)
    with BackgroundMock(Settings(seed=1), clock="frozen", mutant=mutant) as mock:
        yield mock


def call(mock: BackgroundMock, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response:
    given = {"Authorization": f"Bearer {key or mock.api_key}", **more.pop("headers", {})}
    return httpx.request(method, mock.url + path, headers=given, **more)


def stream(mock: BackgroundMock) -> str:
    stream_id: str = call(mock, "POST", "/v0.2/streams", json=body()).json()["stream_id"]
    return stream_id


def test_settings_and_the_chat_version() -> None:
    with mutated_mock(
        settings=lambda settings: replace(settings, concurrent_streams=1),
        chat_version=lambda version: replace(version, stream_time_before_frames=7),
    ) as mock:
        stream(mock)
        assert call(mock, "POST", "/v0.2/streams", json=body()).status_code == 429
        made = call(mock, "POST", "/v1/streams").json()["id"]
        assert call(mock, "GET", f"/v1/streams/{made}").json()["stream_time_ms"] == 7


def test_tokens() -> None:
    with mutated_mock(tokens=claims(lambda payload: {**payload, "iss": "somebody"})) as mock:
        token = call(mock, "POST", "/v1/streams").json()["publish"]["token"]
        assert jwt.decode(token, options={"verify_signature": False})["iss"] == "somebody"


def test_commands_can_be_edited() -> None:
    other = edit_command(UpdatePrompt, lambda command, _: replace(command, prompt="another"))
    with mutated_mock(engine=other) as mock:
        stream_id = stream(mock)
        call(mock, "PATCH", f"/v0.2/streams/{stream_id}/config/prompt", json={"prompt": "mine"})
        assert mock.stream(stream_id).prompt == "another"


def test_deadlines_can_be_ignored() -> None:
    with mutated_mock(engine=on_deadline(Deadline.LEASE, lambda stream_id, step: ())) as mock:
        stream_id = stream(mock)
        mock.advance(500)
        assert mock.stream(stream_id).running


def test_events_can_be_replaced() -> None:
    def other_reason(event: StreamEnded, _: object) -> list[Event]:
        return [replace(event, reason=EndReason.WEBRTC_DISCONNECTED)]

    with mutated_mock(engine=edit_event(StreamEnded, other_reason)) as mock:
        stream(mock)
        (ended,) = [event for event in mock.advance(60) if isinstance(event, StreamEnded)]
        assert ended.reason is EndReason.WEBRTC_DISCONNECTED


def test_a_response_changes_its_status_body_and_headers_on_its_route_alone() -> None:
    answer = on("GET /v0.2/models", 200, put("0.ready", "yes"), to=202, headers={"X-More": "1", "Vary": None})
    with mutated_mock(response=answer) as mock:
        changed = call(mock, "GET", "/v0.2/models", headers=ORIGIN)
        assert (changed.status_code, changed.json()[0]["ready"]) == (202, "yes")
        assert changed.headers["x-more"] == "1"
        # Headers that are set outside of handlers are seen too.
        assert "vary" not in changed.headers
        assert changed.headers["access-control-allow-origin"] == ORIGIN["Origin"]
        other = call(mock, "GET", "/v1/models", headers=ORIGIN)
        assert (other.status_code, other.headers["vary"]) == (200, "Origin")


def test_a_response_may_lose_its_body_and_errors_are_responses_too() -> None:
    with mutated_mock(response=on("*", 405, lambda _: None, to=204)) as mock:
        changed = call(mock, "PUT", "/v0.2/models")
        assert (changed.status_code, changed.content) == (204, b"")


def test_the_headers_of_streamed_responses_and_handshakes_can_be_edited() -> None:
    with mutated_mock(response=on("*", None, lambda body: body["no body is here"], headers={"X-More": "1"})) as mock:
        streamed = call(mock, "POST", "/v1beta/chat/completions", json={**CHAT, "stream": True})
        assert streamed.headers["x-more"] == "1"
        assert streamed.text.endswith("data: [DONE]\n\n")


def test_a_response_in_place_of_the_mocks() -> None:
    with mutated_mock(override=respond("GET /v1/models", 418, {"detail": "tea"})) as mock:
        assert (call(mock, "GET", "/v1/models").status_code, call(mock, "GET", "/v1beta/models").status_code) == (
            418,
            200,
        )


def test_request_headers_can_be_edited() -> None:
    lost = headers("GET /v0.2/models", {"Authorization": None})
    with mutated_mock(headers=lost) as mock:
        assert call(mock, "GET", "/v0.2/models").status_code == 401
        assert call(mock, "GET", "/v0.2/streams/feedback").status_code == 200


def test_another_user_can_be_taken_for_the_owner() -> None:
    with mutated_mock(headers=as_owner("GET /v0.2/streams/{id}/info")) as mock:
        stream_id = stream(mock)
        assert call(mock, "GET", f"/v0.2/streams/{stream_id}/info", "ovs-mallory").status_code == 200
        assert call(mock, "DELETE", f"/v0.2/streams/{stream_id}", "ovs-mallory").status_code == 404
        assert call(mock, "GET", f"/v0.2/streams/{stream_id}/info", "nobody").status_code == 401


def test_bodies_can_be_edited_or_refused_with_the_versions_own_error() -> None:
    with mutated_mock(message_filter=bodies("POST /v0.2/streams", put("inference.prompt", "other"))) as mock:
        assert mock.stream(stream(mock)).prompt == "other"
        assert call(mock, "POST", "/v0.2/streams", content=b"no json").status_code == 400
    with mutated_mock(message_filter=refused("*", "model", when=lambda request: True, why="no")) as mock:
        for path in ("/v0.2/streams", "/v1/chat/completions"):
            problem = call(mock, "POST", path, json=CHAT)
            assert problem.status_code == 422
            assert problem.json()["details"] == [{"loc": ["body", "model"], "msg": "no", "type": "value_error"}]


def test_events_of_a_streamed_response() -> None:
    def send(data: str) -> list[Item]:
        return [data, b"raw\n\n", CloseFrame(0, "")]

    with mutated_mock(message_filter=message_filters.events(send)) as mock:
        streamed = call(mock, "POST", "/v1/chat/completions", json={**CHAT, "stream": True})
        first, raw, rest = streamed.text.split("\n\n")
        assert first.startswith("data: {")
        assert (raw, rest) == ("raw", "")


async def test_messages_of_a_result_socket() -> None:
    def send(item: Item) -> list[Item]:
        return [CloseFrame(4000, "enough")] if isinstance(item, CloseFrame) else [item, b"more"]

    with mutated_mock(message_filter=message_filters.sockets(send)) as mock:
        stream_id = stream(mock)
        async with results(mock, stream_id) as socket:
            mock.wait_for_watchers(stream_id)
            push_frame(mock, stream_id)
            assert (await socket.next())["stream_id"] == stream_id
            assert (await socket.ws.receive(timeout=5)).data == b"more"
            call(mock, "DELETE", f"/v0.2/streams/{stream_id}")
            assert await socket.closed() == (4000, "enough")


async def test_each_socket_has_its_own_filter_and_they_may_share_a_memory() -> None:
    class Numbered(MessageFilter):
        def __init__(self, request: Any) -> None:
            self._number = request.memory["sockets"] = request.memory.get("sockets", 0) + 1

        def on_send(self, item: Item) -> list[Item]:
            return [json.dumps(self._number)] if isinstance(item, str) else [item]

    with mutated_mock(message_filter=message_filters.filters(message_filters.SOCKET, Numbered)) as mock:
        stream_id = stream(mock)
        async with results(mock, stream_id) as one:
            mock.wait_for_watchers(stream_id)
            async with results(mock, stream_id) as two:
                mock.wait_for_watchers(stream_id, 2)
                push_frame(mock, stream_id)
                assert [await one.ws.receive_json(), await two.ws.receive_json()] == [1, 2]


async def test_a_handshake_may_be_refused() -> None:
    with mutated_mock(override=respond(message_filters.SOCKET, 401, {"error": "no"})) as mock:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused_:
                await session.ws_connect(mock.v02.replace("http", "ws") + "/ws/streams/x")
        assert refused_.value.status == 401


def test_the_controls_are_left_alone() -> None:
    with mutated_mock(override=respond("*", 418, {}), response=on("*", None, to=418)) as mock:
        assert call(mock, "GET", "/_mock/clock").status_code == 200
        assert call(mock, "GET", "/healthz").status_code == 418


def test_without_a_mutant_nothing_is_installed() -> None:
    with (
        BackgroundMock(clock="frozen") as mock,
        mutated_mock(engine=NO_MUTANT.engine) as inside,
        mutated_mock(response=on("*", None)) as between,
    ):
        plain, within, meeting = (server._server._app() for server in (mock, inside, between))
        assert len(within.middlewares) == len(plain.middlewares) == len(meeting.middlewares) - 1
        assert len(meeting.on_response_prepare) == len(plain.on_response_prepare) + 1
        assert not NO_MUTANT.intercepts_requests


def test_two_mocks_with_one_mutant_share_no_state() -> None:
    def first_path(request: Any, response: Any) -> None:
        response.headers["X-First"] = request.memory.setdefault("first", request.raw.path)

    with mutated_mock(response=first_path) as one, mutated_mock(response=first_path) as two:
        assert call(one, "GET", "/healthz").headers["x-first"] == "/healthz"
        assert call(two, "GET", "/readyz").headers["x-first"] == "/readyz"
        assert call(one, "GET", "/readyz").headers["x-first"] == "/healthz"


def test_a_mutant_is_not_changed_by_those_who_use_it() -> None:
    with pytest.raises(AttributeError):
        NO_MUTANT.name = "other"  # type: ignore[misc]
    assert isinstance(NO_MUTANT, Mutant)
