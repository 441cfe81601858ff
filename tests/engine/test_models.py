"""The catalogue: who is ready, and who takes new streams."""

import pytest

from ovs_mock.engine.errors import RefusedError, Why
from ovs_mock.engine.models import DEFAULT_MODELS, Catalogue, ModelStatus


@pytest.mark.parametrize(
    ("status", "accepting"), [("ready", True), ("degraded", True), ("saturated", False), ("unavailable", False)]
)
def test_what_a_status_means_for_new_streams(status: str, accepting: bool) -> None:  # noqa: FBT001
    assert ModelStatus(status).accepting is accepting


def test_a_saturated_model_can_still_be_asked_about_a_clip_and_an_unavailable_one_cannot() -> None:
    models = Catalogue()
    models.set_status(DEFAULT_MODELS[0], "saturated")
    models.require_reachable(DEFAULT_MODELS[0])
    models.set_status(DEFAULT_MODELS[0], "unavailable")
    with pytest.raises(RefusedError) as refused:
        models.require_reachable(DEFAULT_MODELS[0])
    assert refused.value.why is Why.MODEL_NOT_ACCEPTING


def test_an_unknown_model_is_told_the_known_ones() -> None:
    with pytest.raises(RefusedError, match=DEFAULT_MODELS[0]):
        Catalogue().require_accepting("nobody/knows")


def test_setting_the_status_of_a_new_model_lists_it() -> None:
    models = Catalogue()
    models.set_status("mine/own", "ready")
    assert models.list()[-1].id == "mine/own"
    with pytest.raises(ValueError, match="broken"):
        models.set_status("mine/own", "broken")
