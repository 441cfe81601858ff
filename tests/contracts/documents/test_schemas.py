"""The schemas of what goes over sockets, in events and in tokens."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from ovs_contracts.documents import SCHEMAS, asyncapi, openapi, schema
from ovs_support.reference import validator


def valid(name: str, value: Any) -> bool:
    return bool(Draft202012Validator(schema(name), format_checker=FormatChecker()).is_valid(value))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_its_examples_follow_it(name: str) -> None:
    of = schema(name)
    Draft202012Validator.check_schema(of)
    assert of["examples"]
    assert all(valid(name, example) for example in of["examples"])
    assert json.loads(json.dumps(of)) == of


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_a_chunk_is_the_same_by_itself_and_in_the_openapi_documents(version: str) -> None:
    shape = openapi(version)["components"]["schemas"]["Chunk"]
    assert set(shape["properties"]) == set(schema("chunk")["properties"])
    for example in schema("chunk")["examples"]:
        validator(openapi(version), shape).validate(example)


def example(name: str, at: int = 0, **changes: Any) -> dict[str, Any]:
    return {**schema(name)["examples"][at], **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"more": 1},
        {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}},
        {"choices": []},
        {"created": 1_790_000_000_000},
        {"object": "chat.completion"},
    ],
)
def test_a_chunk_that_is_a_little_different_is_none(changes: dict[str, Any]) -> None:
    assert not valid("chunk", example("chunk", **changes))


@pytest.mark.parametrize("changes", [{"ok": False}, {"error": "why"}, {"more": 1}, {"finish_reason": "tool_calls"}])
def test_a_result_that_is_a_little_different_is_none(changes: dict[str, Any]) -> None:
    assert not valid("result", example("result", **changes))


def test_tokens_differ_in_what_they_allow() -> None:
    publish, watch = schema("publish-token")["examples"][0], schema("watch-token")["examples"][0]
    assert not valid("watch-token", publish)
    assert not valid("publish-token", watch)
    for name, token in (("publish-token", publish), ("watch-token", watch)):
        assert not valid(name, {**token, "video": {**token["video"], "roomAdmin": True}})


def test_the_asyncapi_document_holds_together() -> None:
    """There is no validator for AsyncAPI on PyPI; this looks at what its specification asks of such a document."""
    of = asyncapi()
    assert of["asyncapi"].startswith("3.0.")
    assert json.loads(json.dumps(of)) == of
    for operation in of["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = _at(of, operation["channel"]["$ref"])
        assert all(_at(of, message["$ref"]) in channel["messages"].values() for message in operation["messages"])
    for channel in of["channels"].values():
        assert all(_at(of, server["$ref"]) for server in channel["servers"])
        assert {f"{{{name}}}" for name in channel["parameters"]} <= set(channel["address"].split("/"))
        for message in channel["messages"].values():
            payload = {"components": of["components"], **message["payload"]}
            Draft202012Validator.check_schema(payload)
            for said in message["examples"]:
                Draft202012Validator(payload, format_checker=FormatChecker()).validate(said["payload"])
    for server in of["servers"].values():
        assert {"host", "protocol"} <= set(server)
        assert all(_at(of, scheme["$ref"])["type"] for scheme in server["security"])


def test_every_end_of_a_stream_has_its_close_reason() -> None:
    closings = asyncapi()["channels"]["results"]["x-close-codes"]
    reasons = {reason for closing in closings for reason in closing["reason"].get("enum", [])}
    ends = ("client_requested", "webrtc_disconnected", "livekit_disconnected", "lease_expired", "insufficient_credits")
    assert reasons == {f"stream ended: {end}" for end in ends}
    assert {closing["code"] for closing in closings} == {1001, 1008, 1013}


def _at(of: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        of = of[step]
    return of
