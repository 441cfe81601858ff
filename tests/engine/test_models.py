"""The catalogue: who is ready, and who takes new streams."""

import pytest

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.models import Catalogue, ModelStatus
from ovs_mock.engine.service import Service
from ovs_mock.engine.tokens import VisualRule

MODEL = "Qwen/Qwen3.5-9B"


@pytest.mark.parametrize(
    ("status", "accepting", "reachable"),
    [
        ("ready", True, True),
        ("degraded", True, True),
        ("saturated", False, True),
        ("loading", False, False),
        ("unavailable", False, False),
    ],
)
def test_what_a_status_means(status: str, accepting: bool, reachable: bool) -> None:  # noqa: FBT001
    assert (ModelStatus(status).accepting, ModelStatus(status).reachable) == (accepting, reachable)


def test_a_saturated_model_can_still_be_asked_and_an_unavailable_one_cannot() -> None:
    models = Catalogue()
    models.set_status(MODEL, "saturated")
    models.require_reachable(MODEL, Service.RESULTS)
    models.set_status(MODEL, "unavailable")
    with pytest.raises(CommandRejectedError) as refused:
        models.require_reachable(MODEL, Service.CHAT)
    assert refused.value.code is ErrorCode.MODEL_NOT_ACCEPTING


def test_an_unknown_model_is_told_the_known_ones() -> None:
    with pytest.raises(CommandRejectedError, match=MODEL):
        Catalogue().require_accepting("nobody/knows")


def test_each_service_has_its_own_models() -> None:
    models = Catalogue()
    models.require_reachable("gpt-5.4", Service.CHAT)
    with pytest.raises(CommandRejectedError) as refused:
        models.require_accepting("gpt-5.4")
    assert refused.value.code is ErrorCode.UNKNOWN_MODEL
    assert {e.id for e in models.list(Service.CHAT)} & {e.id for e in models.list(Service.RESULTS)} == {
        "Qwen/Qwen3.5-9B",
        "Qwen/Qwen3-VL-30B-A3B-Instruct",
    }


def test_setting_the_status_of_a_new_model_lists_it() -> None:
    models = Catalogue()
    models.set_status("mine/own", "ready")
    assert models.list()[-1].id == "mine/own"
    with pytest.raises(ValueError, match="broken"):
        models.set_status("mine/own", "broken")


def test_what_is_known_of_a_model_from_its_id() -> None:
    entries = {entry.id: entry for entry in Catalogue().list()}
    assert entries["google/gemma-4-E4B-it"].visual is VisualRule.BUDGET
    assert entries[MODEL].visual is VisualRule.BY_SIZE
    assert (entries[MODEL].provider, entries["claude-opus-4-6"].provider) == ("overshoot", "anthropic")
    assert (entries["gpt-5.4"].hosted, entries["gpt-5.4"].video) == (False, False)
