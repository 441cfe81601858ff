"""The list of models of chat versions."""

import pytest

from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.runner.marks import documented, mock_only, needs
from ovs_contracts.suite.arranged import model_status
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport.exchange import hold

BUILT_IN = {
    "Qwen/Qwen3.6-27B-FP8",
    "Qwen/Qwen3.6-35B-A3B-FP8",
    "google/gemma-4-31B-it",
    "google/gemma-4-26B-A4B-it",
    "google/gemma-4-E4B-it",
    "Hcompany/Holo3-35B-A3B",
}
PASSTHROUGH = {
    "gemini-3-flash-preview",
    "gemini-3.1-pro-preview",
    "claude-haiku-4-5-20251001",
    "claude-sonnet-4-6",
    "claude-opus-4-6",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-nano",
}


@documented("GET /models is open")
def test_the_models_need_no_key(chat: ChatClient) -> None:
    """The list of models needs no key and is the same with one."""
    without, with_key = (chat.models(key=key).expect(200).json for key in (None, chat.key))
    hold("ids", expected=_ids(with_key), seen=_ids(without))


@documented("GET /models: {object: list, data: [{id, object: model, created, owned_by, status}]}")
def test_the_form_of_the_list(chat: ChatClient, clock: TargetTime) -> None:
    """The list has OpenAI's format, and each entry has the five documented fields."""
    listed = chat.models().expect(200)
    hold("keys and object", expected=({"object", "data"}, "list"), seen=(set(listed.json), listed.json["object"]))
    hold("ids are listed once", expected=len(set(_ids(listed.json))), seen=len(_ids(listed.json)), exchange=listed)
    for entry in listed.json["data"]:
        fixed = (set(entry), entry["object"], entry["owned_by"])
        fields = {"id", "object", "created", "owned_by", "status"}
        hold("an entry", expected=(fields, "model", "overshoot"), seen=fixed, exchange=listed)
        assert entry["status"] in chat.version.model_statuses.values(), entry
        assert 1_500_000_000 < entry["created"] < clock.now() + 60, "created is in Unix seconds"


@documented("clients take the first entry that is ready, often one with a slash in its id")
def test_a_model_is_ready(chat: ChatClient) -> None:
    """At least one model with a slash in its id is ready."""
    ready = [entry["id"] for entry in chat.models().expect(200).json["data"] if entry["status"] == "ready"]
    assert any("/" in id_ for id_ in ready), f"ready are {ready}"


@documented("v1: ids have the form provider/model-name")
def test_ids_of_v1(v1: ChatClient) -> None:
    """Every model of v1 is named provider/model-name."""
    ids = _ids(v1.models().expect(200).json)
    odd = [id_ for id_ in ids if not all(id_.partition("/")) or id_.count("/") != 1]
    hold("ids of another form", expected=[], seen=odd)


@mock_only("models come and go; these are what clients have built in")
def test_the_catalogue(chat: ChatClient) -> None:
    """The models built into clients are ready; v1beta also lists those of other providers."""
    ready = {entry["id"] for entry in chat.models().expect(200).json["data"] if entry["status"] == "ready"}
    expected = BUILT_IN | PASSTHROUGH if "other_providers" in chat.version.features else BUILT_IN
    hold("models that are missing", expected=set(), seen=expected - ready)


@documented("v1: a model with no healthy replica is left out; v1beta: unavailable")
@needs(Capability.CONTROL)
@pytest.mark.parametrize("status", ["loading", "unavailable"])
def test_models_that_are_not_ready(chat: ChatClient, controls: Controls, status: str) -> None:
    """In v1 a loading model is loading and one without replicas left out. In v1beta both are unavailable."""
    with model_status(controls, MODEL, status):
        listed = {entry["id"]: entry["status"] for entry in chat.models().expect(200).json["data"]}
    hold(f"how {status} is shown", expected=chat.version.model_statuses[status], seen=listed.get(MODEL))


def _ids(listed: dict[str, list[dict[str, str]]]) -> list[str]:
    return [entry["id"] for entry in listed["data"]]
