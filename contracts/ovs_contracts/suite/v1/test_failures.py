"""Errors of v1, which have a text only."""

from typing import Any

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.runner.marks import documented, mock_only, needs
from ovs_contracts.suite.arranged import model_status, scripted
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls


@documented("402: insufficient credits, for streams and completions; errors are {detail}")
@needs(Capability.CONTROL)
def test_an_empty_balance(v1: ChatClient, controls: Controls) -> None:
    """With an empty balance, creating a stream and a completion are 402 with a detail."""
    controls.open_account(v1.key, credits_cents=0)
    errors.plain(v1.create(), 402)
    errors.plain(v1.ask(), 402)
    controls.open_account(v1.key, credits_cents=100)
    v1.create().expect(201)
    v1.ask().expect(200)


@documented("a model ready at list time can still answer 503 at completion time; errors are {detail}")
@needs(Capability.CONTROL)
@pytest.mark.parametrize("status", ["unavailable", "loading"])
def test_an_unavailable_model(v1: ChatClient, controls: Controls, status: str) -> None:
    """A model that is not ready is 503 with a detail; other models answer."""
    with model_status(controls, MODEL, status):
        errors.plain(v1.ask(), 503)
        v1.ask(model="google/gemma-4-E4B-it").expect(200)


@mock_only("v1's documents do not say how a failing provider is told")
@pytest.mark.parametrize(
    ("reply", "status"),
    [({"blocked": True}, 400), ({"upstream_status": 503}, 502), ({"timeout": True}, 504), ({"error": "broken"}, 500)],
    ids=["safety", "upstream", "timeout", "internal"],
)
def test_a_provider_fails(v1: ChatClient, controls: Controls, reply: dict[str, Any], status: int) -> None:
    """A failure of the provider has the documented status and a detail."""
    with scripted(controls, reply):
        errors.plain(v1.ask(), status)


@documented("regions are among what v1beta adds")
def test_regions_are_ignored(v1: ChatClient) -> None:
    """The region header is ignored."""
    created = v1.create(headers={"X-Overshoot-Region": "us-central1"}).expect(201)
    for region in ("us-west1", "us-central1", "nowhere"):
        v1.get(created.json["id"], headers={"X-Overshoot-Region": region}).expect(200)


@documented("v1: a body is tolerated by POST /streams")
@pytest.mark.parametrize("body", [{"source": {"type": "native"}, "anything": [1]}, [], "text", None], ids=str)
def test_any_body_is_accepted(v1: ChatClient, body: Any) -> None:
    """A stream is created whatever JSON the body holds."""
    v1.create(body=body).expect(201)
