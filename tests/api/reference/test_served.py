"""What the mock serves is what the documents say, and the other way round."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from ovs_contracts import documents
from ovs_support.chat import ChatCaller, frame_url
from ovs_support.reference import ORIGIN, Json, shown, validator
from ovs_support.v02 import Caller, push_frame, results

from ovs_mock import Ovs, Reply
from ovs_mock.api.reference import contracts
from ovs_mock.api.reference.operations import prefixes
from ovs_mock.api.reference.page import operations
from ovs_mock.api.v02.version import V02
from ovs_mock.api.versions import VERSIONS

PREFIXES = prefixes(VERSIONS.values())
APART = ("/_mock", "/rtc")
OTHERS = ("/v0.2", "/v1")


def served(mock: Ovs) -> Iterator[tuple[str, str]]:
    """Method and path of every route. Of the reference itself only the host's document is in the documents."""
    runner = mock._server._runner
    assert runner is not None
    for route in runner.app.router.routes():
        resource = route.resource
        assert resource is not None
        path = resource.canonical
        own = path.endswith(("/openapi.json", "/asyncapi.json", "/docs")) and path != "/openapi.json"
        if route.method != "HEAD" and not own and not path.startswith(APART):
            yield route.method, path


def described(prefix: str) -> set[tuple[str, str]]:
    channels = contracts.asyncapi(ORIGIN)["channels"].values()
    sockets = {("GET", channel["address"]) for channel in channels} if prefix == V02.prefix else set()
    return {(method, path) for method, path, _ in operations(shown(prefix))} | sockets


@pytest.mark.parametrize("prefix", [prefix for prefix in PREFIXES if prefix])
def test_every_route_is_described_and_every_description_has_its_route(ovs: Ovs, prefix: str) -> None:
    routes = {(method, path) for method, path in served(ovs) if path.startswith(prefix + "/")}
    assert routes == described(prefix)


def test_the_hosts_document_has_all_but_the_older_versions(ovs: Ovs) -> None:
    routes = {(method, path) for method, path in served(ovs) if not path.startswith(tuple(f"{o}/" for o in OTHERS))}
    assert routes == described("")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_key_is_needed_exactly_where_the_document_says_so(ovs: Ovs, prefix: str) -> None:
    for method, path, operation in operations(shown(prefix)):
        filled = path.replace("{stream_id}", "00000000-0000-4000-8000-000000000000").replace("{model}", "gpt-5.4")
        status = httpx.request(method, ovs.url + filled).status_code
        assert (status == 401) is bool(operation["security"]), (method, path)


def check(prefix: str, method: str, path: str, response: httpx.Response) -> Any:
    """The answer's JSON, once it is what the document says, with no field more or less."""
    of = shown(prefix)
    said = of["paths"][prefix + path][method.lower()]["responses"]
    assert str(response.status_code) in said, (path, response.status_code, response.text)
    content = said[str(response.status_code)].get("content")
    if content is None:
        assert response.content == b""
        return None
    agrees(of, content["application/json"]["schema"], response.json())
    return response.json()


def agrees(of: Json, schema: Json, value: Any) -> None:
    validator(of, schema).validate(value)


def test_answers_of_v02_are_as_described(ovs: Ovs) -> None:
    call = Caller(ovs)
    offered: Json = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}
    created = check("/v0.2", "POST", "/streams", call("POST", "/streams", offered))
    id_ = created["stream_id"]
    push_frame(ovs, id_)
    ovs.advance(3)
    stream = "/streams/{stream_id}"
    feedback = {"rating": 1, "category": "c"}
    for method, path, sent in (
        ("POST", stream + "/keepalive", None),
        ("PATCH", stream + "/config/prompt", {"prompt": "!"}),
        ("PATCH", stream + "/config/prompt", {"prompt": ""}),
        ("GET", stream + "/info", None),
        ("POST", stream + "/spectate", None),
        ("POST", stream + "/feedback", feedback),
        ("GET", "/streams/feedback", None),
        ("GET", "/models", None),
        ("GET", "/healthz", None),
        ("POST", "/chat/completions/clip", {"result_id": "no", "prompt": "?", "model": "Qwen/Qwen3.5-9B"}),
        ("POST", "/streams", {}),
        ("DELETE", stream, None),
        ("DELETE", stream, None),
        ("GET", stream + "/info", None),
    ):
        check("/v0.2", method, path, call(method, path.replace("{stream_id}", id_), sent))
    call.close()


async def test_results_of_v02_are_as_described(ovs: Ovs) -> None:
    call = Caller(ovs)
    id_ = call.stream()
    async with results(ovs, id_) as reader:
        push_frame(ovs, id_)
        ovs.advance(3)
        result = await reader.next()
    again = {"result_id": result["id"], "prompt": "?", "model": "Qwen/Qwen3.5-9B"}
    check("/v0.2", "POST", "/chat/completions/clip", call("POST", "/chat/completions/clip", again))
    call.close()
    Draft202012Validator(documents.schema("result")).validate(result)


@pytest.mark.parametrize("prefix", ["/v1", "/v1beta"])
def test_answers_of_chats_are_as_described(ovs: Ovs, prefix: str) -> None:
    with ChatCaller(ovs, ovs.url + prefix) as call:
        id_ = check(prefix, "POST", "/streams", call("POST", "/streams"))["id"]
        push_frame(ovs, id_)
        stream = "/streams/{stream_id}"
        viewers = [("POST", stream + "/viewer-token")] if prefix == "/v1beta" else []
        calls = [("GET", stream), ("POST", stream + "/keepalive"), *viewers, ("DELETE", stream), ("GET", stream)]
        check(prefix, "POST", "/chat/completions", call.chat("What?", frame_url(id_)))
        for method, path in calls:
            check(prefix, method, path, call(method, path.replace("{stream_id}", id_)))
            check(prefix, method, path, call(method, path.replace("{stream_id}", "no-uuid")))
        check(prefix, "GET", "/models", call("GET", "/models"))
        for url in (frame_url(id_), frame_url(id_, "frame=1"), frame_url("no-uuid")):
            problem = call.chat("What?", url)
            assert problem.status_code >= 400
            check(prefix, "POST", "/chat/completions", problem)
        check(prefix, "POST", "/chat/completions", call("POST", "/chat/completions", {}))


@pytest.mark.parametrize("prefix", ["/v1", "/v1beta"])
def test_failures_of_models_are_as_described(ovs: Ovs, prefix: str) -> None:
    failures = (Reply(error="no"), Reply.blocked(), Reply.upstream(529, "no"), Reply.upstream(), Reply.timeout())
    ovs.model.reply(*failures)
    with ChatCaller(ovs, ovs.url + prefix) as call:
        for _ in failures:
            answer = call.chat("What?")
            assert answer.status_code >= 400
            check(prefix, "POST", "/chat/completions", answer)


@pytest.mark.parametrize("prefix", ["/v1", "/v1beta"])
def test_bodies_that_are_too_large_are_answered_as_described(ovs: Ovs, prefix: str) -> None:
    with ChatCaller(ovs, ovs.url + prefix) as call:
        answer = call("POST", "/chat/completions", content=b" " * (33 * 1024 * 1024))
    assert answer.status_code == 413
    check(prefix, "POST", "/chat/completions", answer)


@pytest.mark.parametrize("prefix", ["/v1", "/v1beta"])
def test_events_of_chats_are_as_described(ovs: Ovs, prefix: str) -> None:
    of = shown(prefix)
    said = of["paths"][prefix + "/chat/completions"]["post"]["responses"]["200"]["content"]["text/event-stream"]
    with ChatCaller(ovs, ovs.url + prefix) as call:
        *chunks, done = call.events("What?", stream_options={"include_usage": True})
    assert done == "[DONE]"
    for chunk in chunks:
        agrees(of, said["schema"]["contentSchema"], chunk)


def test_answers_of_billing_are_as_described(ovs: Ovs) -> None:
    with ChatCaller(ovs, ovs.billing) as call:
        for method, path, sent in (
            ("GET", "/pricing", None),
            ("GET", "/accounts/me/balance", None),
            ("POST", "/checkout", {"amount_cents": 100}),
            ("POST", "/checkout", {"amount_cents": 99}),
        ):
            check("/billing", method, path, call(method, path, sent))
        for model in ("gpt-5.4", "no/such"):
            check("/billing", "GET", "/pricing/{model}", call("GET", "/pricing/" + model))
