"""Failing completions of v1beta: the typed error."""

from typing import Any

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.runner.marks import documented, needs
from ovs_contracts.suite.arranged import model_status, scripted
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import hold

UPSTREAM = {"provider", "status", "body", "rate_limits"}
Told = tuple[int, str, str]
FAILURES: dict[str, tuple[dict[str, Any], Told]] = {
    "safety": ({"blocked": True}, (400, "provider_error", "provider_safety_block")),
    "busy": ({"upstream_status": 503, "error": "overloaded"}, (502, "upstream_error", "upstream_http_503")),
    "limited": ({"upstream_status": 429, "error": "slow down"}, (502, "upstream_error", "upstream_http_429")),
    "unreachable": ({"unreachable": True}, (502, "upstream_error", "upstream_request_failed")),
    "timeout": ({"timeout": True}, (504, "upstream_error", "upstream_timeout")),
}


@documented("error envelope: message, type, code, upstream?; the table of statuses")
@needs(Capability.CONTROL)
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("reply", "told"), FAILURES.values(), ids=FAILURES)
def test_a_provider_fails(
    v1beta: ChatClient,
    controls: Controls,
    reply: dict[str, Any],
    told: Told,
    streamed: bool,  # noqa: FBT001 - a parameter of the check
) -> None:
    """Each failure of a provider has its own status, type and code, streamed or not."""
    with scripted(controls, reply):
        errors.typed(v1beta.ask(fields={"stream": streamed}), *told)
    v1beta.ask().expect(200)


@documented("500 internal: internal_error")
@needs(Capability.CONTROL)
def test_an_internal_error(v1beta: ChatClient, controls: Controls) -> None:
    """An internal failure is 500 internal_error."""
    with scripted(controls, {"error": "something broke"}):
        answer = v1beta.ask().expect(500)
    hold("type", expected="internal_error", seen=answer.json["detail"]["error"]["type"], exchange=answer)


@documented("upstream: {provider, status, body, rate_limits}")
@needs(Capability.CONTROL)
def test_the_response_of_the_provider(v1beta: ChatClient, controls: Controls) -> None:
    """A failure upstream has the provider's name, status and body."""
    with scripted(controls, {"upstream_status": 503, "error": "overloaded"}):
        error = errors.typed(v1beta.ask(), 502, "upstream_error", "upstream_http_503")
    hold("keys of upstream", expected=UPSTREAM, seen=set(error["upstream"]))
    hold("status and body", expected=(503, "overloaded"), seen=(error["upstream"]["status"], error["upstream"]["body"]))
    assert error["upstream"]["provider"], "the provider has a name"


@documented("503 model_unavailable, provider_error; a model ready at list time can still answer 503")
@needs(Capability.CONTROL)
@pytest.mark.parametrize("status", ["unavailable", "loading"])
def test_an_unavailable_model(v1beta: ChatClient, controls: Controls, status: str) -> None:
    """A model that is not ready is 503 model_unavailable; other models answer."""
    with model_status(controls, MODEL, status):
        errors.typed(v1beta.ask(), 503, "provider_error", "model_unavailable")
        v1beta.ask(model="google/gemma-4-E4B-it").expect(200)
    v1beta.ask().expect(200)


@documented("402 billing_denied, billing_error: an empty balance")
@needs(Capability.CONTROL)
def test_an_empty_balance(v1beta: ChatClient, controls: Controls) -> None:
    """With an empty balance a completion is 402 billing_denied, streamed or not."""
    controls.open_account(v1beta.key, credits_cents=0)
    for streamed in (False, True):
        errors.typed(v1beta.ask(fields={"stream": streamed}), 402, "billing_error", "billing_denied")
    controls.open_account(v1beta.key, credits_cents=100)
    v1beta.ask().expect(200)


@documented("v1beta, POST /streams: 402 is not among its errors")
@needs(Capability.CONTROL)
def test_streams_need_no_balance(v1beta: ChatClient, controls: Controls) -> None:
    """With an empty balance a stream can be created."""
    controls.open_account(v1beta.key, credits_cents=0)
    v1beta.create().expect(201)


@documented("401 and 503 keep {detail: str}; 422 keeps v1's validation shape")
def test_errors_without_a_type(v1beta: ChatClient) -> None:
    """A missing key and an invalid body have the same errors as in other versions."""
    errors.plain(v1beta.ask(key=None), 401)
    errors.invalid(v1beta.complete({"model": MODEL}))
