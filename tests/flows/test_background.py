"""The synchronous face of the mock: what tests may set, and how it speaks to those who misuse it."""

import pytest
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller, push_frame

from ovs_mock import ClockError, Ovs, Settings, StreamOverError
from ovs_mock.engine.events import ResultReady


def test_balances_and_keys_can_be_set(ovs: Ovs, call: Caller) -> None:
    ovs.set_credits(3)
    assert ovs.balance() == 3_000_000
    ovs.register_key("sk-mine", same_user_as=ovs.api_key)
    stream_id = call.stream()
    assert call.with_key("sk-mine")("DELETE", f"/streams/{stream_id}").status_code == 200


def test_keys_without_a_user_and_a_draining_server(ovs: Ovs) -> None:
    ovs.register_key_without_user("ovs-orphan")
    with ChatCaller(ovs, ovs.v1) as call:
        assert call.with_key("ovs-orphan")("POST", "/streams").status_code == 403
        ovs.set_draining()
        assert call("POST", "/streams").status_code == 503
        ovs.set_draining(False)
        assert call("POST", "/streams").status_code == 201


def test_waiting_for_a_stream_that_ends_is_an_error(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    call("DELETE", f"/streams/{stream_id}")
    with pytest.raises(StreamOverError, match=r"ended \(client_requested\) with 0 frames of 3"):
        ovs.wait_for_frames(stream_id, 3)


def test_the_error_of_a_timeout_tells_what_was_expected_and_seen(ovs: Ovs, call: Caller) -> None:
    with pytest.raises(TimeoutError, match=r"waited 0.01 s for 3 frames of stream .*: 0 came"):
        ovs.wait_for_frames(call.stream(), 3, timeout=0.01)


async def test_the_error_of_a_timeout_on_an_event_loop_has_a_hint(ovs: Ovs, call: Caller) -> None:
    with pytest.raises(
        TimeoutError, match=r"0 came \(the wait blocked clients on this event loop: await the same method of `ovs.aio`"
    ):
        ovs.wait_for_frames(call.stream(), timeout=0.01)


def test_the_error_for_an_unknown_stream_lists_the_known_ones(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    with pytest.raises(KeyError, match=stream_id):
        ovs.stream("nothing")


def test_impossible_moves_of_the_clock_are_errors(ovs: Ovs) -> None:
    with pytest.raises(ClockError, match="only moves forward"):
        ovs.advance(-1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ttl_seconds": 0}, "ttl_seconds=0: expected a whole number above zero"),
        ({"credits_cents": -1}, "credits_cents=-1: expected zero or more"),
        ({"idle_after_seconds": 0}, "idle_after_seconds=0: expected more than zero"),
    ],
)
def test_invalid_settings_are_errors(settings: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Settings(**settings)  # type: ignore[arg-type]


def test_a_script_that_moves_the_clock_gets_an_error(ovs: Ovs, call: Caller) -> None:
    def plain(question: object) -> str:
        ovs.advance(1)
        return "never"

    async def coroutine(question: object) -> str:
        return plain(question)

    with ChatCaller(ovs, ovs.v1beta) as chat:
        for script, words in ((plain, "moved the clock"), (coroutine, "would wait for itself")):
            ovs.model.reply(script)
            assert chat.chat("Hello").status_code == 500
            assert words in str(ovs.consume_failures()[-1])
    push_frame(ovs, call.stream())
    ovs.model.reply(plain)
    (failed, *_) = [event for event in ovs.advance(1) if isinstance(event, ResultReady)]
    assert "moved the clock" in str(failed.result.answer.error)
    assert len(ovs.consume_failures()) >= 1


def test_video_plays_without_webrtc(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    fired = ovs.play(stream_id, 2, fps=5, width=320, height=240)
    assert "ResultReady" in {type(event).__name__ for event in fired}
    assert (ovs.stream(stream_id).frames_received, ovs.stream(stream_id).width) == (10, 320)
    call("DELETE", f"/streams/{stream_id}")
    with pytest.raises(StreamOverError, match="has ended"):
        ovs.play(stream_id, 1)
    with pytest.raises(KeyError, match=stream_id):
        ovs.play("nobody", 1)


def test_a_stream_that_production_would_have_forgotten_is_missed_with_its_end(ovs: Ovs) -> None:
    with ChatCaller(ovs, ovs.v1beta) as call:
        made = call("POST", "/streams").json()["id"]
    ovs.advance(300 + 59)
    assert ovs.stream(made).end_reason == "lease_expired"
    ovs.advance(2)
    with pytest.raises(
        KeyError, match=r"ended 61\.\d* s ago \(lease_expired\), and as production the mock forgets it 60 s"
    ):
        ovs.stream(made)
    with pytest.raises(KeyError, match=r"ended .* ago"):
        ovs.wait_for_frames(made)
    with pytest.raises(KeyError, match="no stream 'another'; the mock has none"):
        ovs.stream("another")
