"""The models of v0.2."""

from ovs_contracts.client.v02 import V02Client
from ovs_contracts.runner.marks import documented, mock_only
from ovs_contracts.transport.exchange import hold

READY = {"ready": True, "degraded": True, "saturated": False, "unavailable": False}
BUILT_IN = {"Qwen/Qwen3-VL-30B-A3B-Instruct", "Qwen/Qwen3.5-9B", "Qwen/Qwen3.5-27B"}


@documented("v0.2 models: a bare array of {model, ready, status}")
def test_the_list_of_models(v02: V02Client) -> None:
    """The models are an array, and ready agrees with the status of each."""
    listed = v02.models().expect(200)
    hold("an array", expected=list, seen=type(listed.json), exchange=listed)
    assert listed.json, "there are models"
    for entry in listed.json:
        hold("the fields", expected={"model", "ready", "status"}, seen=set(entry), exchange=listed)
        hold(f"ready of {entry}", expected=READY.get(entry["status"]), seen=entry["ready"], exchange=listed)
    ids = [entry["model"] for entry in listed.json]
    hold("each once", expected=len(ids), seen=len(set(ids)), exchange=listed)


@mock_only("which models production has, changes")
def test_models_that_clients_have_built_in(v02: V02Client) -> None:
    """The models built into clients are ready."""
    listed = v02.models().expect(200)
    ready = {entry["model"] for entry in listed.json if entry["status"] == "ready"}
    hold("models lacking", expected=set(), seen=BUILT_IN - ready, exchange=listed)
