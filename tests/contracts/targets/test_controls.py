"""What the suite asks of a mock, the mock does."""

from collections.abc import Iterator

import pytest
from ovs_contracts.targets.controls import ControlError, Controls
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller

from ovs_mock import Ovs


@pytest.fixture
def controls(ovs: Ovs) -> Iterator[Controls]:
    controls = Controls(ovs.url)
    yield controls
    controls.close()


@pytest.fixture
def v1(ovs: Ovs) -> Iterator[ChatCaller]:
    with ChatCaller(ovs, ovs.v1) as caller:
        yield caller


def test_time_and_video(ovs: Ovs, controls: Controls, call: Caller) -> None:
    stream_id, before = call.stream(), controls.now()
    assert controls.play(stream_id, 2, fps=5, size=(320, 240)) == 10
    controls.let_pass(10)
    assert 12 <= controls.now() - before < 20
    assert controls.stream(stream_id)["frames_received"] == ovs.stream(stream_id).frames_received == 10


def test_accounts(ovs: Ovs, controls: Controls, v1: ChatCaller) -> None:
    controls.open_account("ovs-a", credits_cents=2)
    controls.open_account("ovs-b", same_user_as="ovs-a")
    assert controls.balance("ovs-b") == ovs.balance("ovs-a") == 2_000_000
    controls.open_account_without_user("ovs-c")
    assert v1.with_key("ovs-c")("POST", "/streams").status_code == 403
    controls.revoke("ovs-a")
    assert v1.with_key("ovs-a")("POST", "/streams").status_code == 401


def test_models_and_draining(controls: Controls, v1: ChatCaller) -> None:
    controls.set_model_status("gpt-5.4", "unavailable")
    assert v1.chat("hi", model="gpt-5.4").status_code == 503
    controls.set_draining(draining=True)
    assert v1("POST", "/streams").status_code == 503


def test_replies(controls: Controls, v1: ChatCaller) -> None:
    controls.add_reply({"text": "a cat"}, when={"prompt": "cat"})
    assert "a cat" in v1.chat("a cat?").text
    assert 'a cat"' not in v1.chat("a cat?").text
    controls.add_reply({"error": "no"}, times=None)
    controls.clear_replies()
    assert v1.chat("hi").status_code == 200


def test_a_refusal_is_an_error_and_no_deviation(controls: Controls) -> None:
    with pytest.raises(ControlError, match="the models are"):
        controls.set_model_status("nothing", "ready")
