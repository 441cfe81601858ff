"""Faults of all protocols on one timeline of the mock's clock."""

import httpx
import pytest
from ovs_support.chat import MODEL, ChatCaller
from ovs_support.v02 import Caller, body, push_frame, results

from ovs_mock import EndReason, Ovs, events
from ovs_mock.faults.schedule import FaultError


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


async def test_each_fault_fires_at_its_own_time(ovs: Ovs) -> None:
    with Caller(ovs) as call:
        stream_id = call.stream()
        push_frame(ovs, stream_id)
        start = ovs.now()
        at = ovs.faults.at
        at(12.5).on_socket(stream_id).close(1012, "restarting")
        at(13).on_model(MODEL).unavailable()
        ovs.faults.between(14, 18).on("POST /v0.2/streams").status(503).optional()
        at(15).on_model(MODEL).ready()
        at(16).on_credits().run_out()
        at(17).on_lease(stream_id).lose("insufficient_credits")
        async with results(ovs, stream_id) as socket:
            ovs.wait_for_watchers(stream_id)
            ovs.advance(12)
            assert call("POST", f"/streams/{stream_id}/keepalive").status_code == 200
            rang = [
                event.at / 1e6 - start
                for event in ovs.advance(8)
                if isinstance(event, events.AlarmFired | events.StreamEnded)
            ]
            assert [round(moment, 6) for moment in rang] == [12.5, 13, 15, 16, 17, 17]
            assert (await socket.rest())[1] == (1012, "restarting")
        assert ovs.balance() == 0
        (ended,) = ovs.journal.events(events.StreamEnded)
        assert ended.reason is EndReason.INSUFFICIENT_CREDITS
        assert call("POST", "/streams", body()).status_code == 402


async def test_a_fault_fires_at_its_time_on_a_running_clock(ovs_server: object) -> None:
    from ovs_mock import BackgroundMock

    with BackgroundMock(clock="running") as mock, Caller(mock) as call:
        stream_id = call.stream()
        mock.faults.at(0.2).on_lease(stream_id).lose()
        mock.wait_until(lambda: not mock.tenant.runtime.engine.state.streams[stream_id].running)


def test_a_model_comes_back_at_the_end_of_its_window(ovs: Ovs) -> None:
    ovs.faults.between(5, 10).on_model(MODEL).saturated()
    with Caller(ovs) as call:
        ovs.advance(5)
        assert call("POST", "/streams", body()).json()["error"] == "model_unavailable"
        ovs.advance(5)
        assert call("POST", "/streams", body()).status_code == 201


def test_a_lease_that_is_lost_as_soon_as_a_stream_is_created(ovs: Ovs) -> None:
    ovs.faults.on_lease().lose().times(2)
    with ChatCaller(ovs, ovs.v1) as call:
        ids = [call.stream() for _ in range(3)]
        assert [ovs.stream(id_).running for id_ in ids] == [False, False, True]


def test_credits_run_out_while_a_stream_lives(ovs: Ovs) -> None:
    with Caller(ovs) as call:
        stream_id = call.stream()
        ovs.faults.at(30).on_credits().run_out()
        ovs.advance(31)
        assert call("POST", f"/streams/{stream_id}/keepalive").status_code == 402
        ovs.advance(45)
    (ended,) = ovs.journal.events(events.StreamEnded)
    assert ended.reason is EndReason.INSUFFICIENT_CREDITS


def test_providers_fail_on_every_second_question(ovs: Ovs) -> None:
    ovs.model.reply("fine", optional=True)
    on = ovs.faults.on_model(MODEL)
    on.every(2).upstream(529).times(1)
    on.timeout()
    on.block()
    with ChatCaller(ovs, ovs.v1beta) as call:
        answers = [call.chat("hi") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [504, 502, 400, 200]
    assert answers[1].json()["detail"]["error"]["upstream"]["status"] == 529


def test_frames_freeze_for_a_while(ovs: Ovs) -> None:
    with Caller(ovs) as call:
        stream_id = call.stream()
        frozen = ovs.faults.between(2, 4).on_room(stream_id).freeze()
        ovs.play(stream_id, 6, fps=10)
    assert (ovs.stream(stream_id).frames_received, frozen.used) == (40, 20)


def test_an_unlimited_fault_can_be_limited_to_once(ovs: Ovs) -> None:
    with Caller(ovs) as call:
        stream_id = call.stream()
        lost = ovs.faults.on_room(stream_id).freeze().once()
        ovs.play(stream_id, 1, fps=10)
    assert (ovs.stream(stream_id).frames_received, lost.used) == (9, 1)


def test_a_model_that_is_still_loading(ovs: Ovs) -> None:
    ovs.faults.between(0, 5).on_model(MODEL).loading()
    with ChatCaller(ovs, ovs.v1beta) as call:
        assert call.chat("hi").status_code == 503
        ovs.advance(5)
        assert call.chat("hi").status_code == 200


def test_the_time_of_an_immediate_fault_comes_before_its_action(ovs: Ovs) -> None:
    with pytest.raises(FaultError, match=r"say when before what: faults.at\(5\).on_socket\(\).drop\(\)"):
        ovs.faults.on_socket().drop().optional().at(5)
    ovs.faults.clear()


WRONG = [
    (lambda f: f.on("POTS /v1/streams"), "'POTS' is no method: expected POST"),
    (lambda f: f.on("POST v1/streams"), "path 'v1/streams': expected one that begins with /"),
    (lambda f: f.on("/x", version="v2"), "version 'v2': expected v0.2, v1, v1beta"),
    (lambda f: f.on("/x").status(99), r"status\(99\): expected an HTTP status"),
    (lambda f: f.on("/x").status(500, "so", body={}), "a message, .* or another body"),
    (lambda f: f.on("/x").delay(-1), r"delay\(-1\): expected seconds"),
    (lambda f: f.on("/x").skew("1"), r"skew\('1'\): expected seconds"),
    (lambda f: f.on_socket().close(99), r"close\(99\): expected a close code"),
    (lambda f: f.on_socket().close(1011, "x" * 124), "at most 123 bytes, and it has 124"),
    (lambda f: f.on_chat_stream().stall(after_chunks=-1), r"after_chunks\(-1\): expected a whole number"),
    (lambda f: f.on_room().leave("go"), r"leave\('go'\): expected 'disconnect', 'resume', 'reconnect'"),
    (lambda f: f.on_lease().lose("so"), r"lose\('so'\): expected client_requested"),
    (
        lambda f: f.on_model("Qwen/Qwen3.5-9C").saturated(),
        "there is no model 'Qwen/Qwen3.5-9C': expected Qwen/Qwen3.5-9B",
    ),
    (lambda f: f.on_model().upstream(200), "a provider fails with 400 to 599"),
]


@pytest.mark.parametrize(("say", "why"), WRONG)
def test_wrong_arguments_raise_an_error_that_names_them(ovs: Ovs, say: object, why: str) -> None:
    assert callable(say)
    with pytest.raises(FaultError, match=why):
        say(ovs.faults)
    assert len(ovs.faults) == 0


def test_a_forgotten_fault_does_not_fire(ovs: Ovs) -> None:
    fault = ovs.faults.on("POST /v1/streams").status(503).always()
    create = ("POST", ovs.v1 + "/streams", {"Authorization": f"Bearer {ovs.api_key}"})

    def status() -> int:
        return httpx.request(create[0], create[1], headers=create[2]).status_code

    assert status() == 503
    assert str(ovs.faults) == "POST /v1/streams → status 503 (always): 1 of 1"
    fault.forget()
    assert status() == 201
