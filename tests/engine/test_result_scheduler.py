"""Models are asked at the stream's cadence, and their answers are given out once."""

import pytest
from ovs_support.engine import KEY, MODEL, Bench, inferences, only

from ovs_mock.engine.commands import AnswerInference, EndStream, Reinfer, UpdatePrompt
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event, InferenceDue, ReinferAnswered, ResultReady
from ovs_mock.engine.inference import Answer
from ovs_mock.engine.instants import micros, seconds
from ovs_mock.engine.result_scheduler import MAX_PENDING_INFERENCES
from ovs_mock.engine.sampling import ClipSampling, FrameSampling
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import Stream

CLIP = ClipSampling(length=micros(0.5), delay=micros(0.5), fps=6)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def play(bench: Bench, stream: Stream, until: float, fps: int = 10) -> list[Event]:
    """Frames come from now until ``until``."""
    events = []
    start = bench.at
    for number in range(round((until - start) * fps)):
        events += bench.go_to(start + number / fps) + bench.frame(stream)
    return events + bench.go_to(until)


def answer(bench: Bench, due: InferenceDue, text: str = "seen", latency: float | None = None) -> list[Event]:
    took = None if latency is None else micros(latency)
    return bench.do(AnswerInference(due.inference.id, Answer(text=text, latency=took)))


def test_nothing_is_asked_before_the_first_frame(bench: Bench) -> None:
    bench.stream()
    assert inferences(bench.go_to(44)) == []


def test_frame_mode_asks_about_the_newest_frame_from_the_first_one_on(bench: Bench) -> None:
    stream = bench.stream(sampling=FrameSampling(micros(0.5)))
    asked = inferences(play(bench, stream, until=2))
    assert [seconds(e.at) for e in asked] == [0, 0.5, 1.0, 1.5, 2.0]
    assert [[f.index for f in e.inference.frames] for e in asked] == [[0], [4], [9], [14], [19]]
    assert {e.inference.mode for e in asked} == {"frame"}


def test_clip_mode_waits_for_a_whole_clip_and_then_keeps_its_delay(bench: Bench) -> None:
    stream = bench.stream(sampling=CLIP)
    asked = inferences(play(bench, stream, until=2, fps=30))
    assert [seconds(e.at) for e in asked] == [0.5, 1.0, 1.5, 2.0]
    assert [f.index for f in asked[1].inference.frames] == [19, 24, 29]


def test_an_idle_stream_is_left_alone_and_goes_on_at_its_own_cadence(bench: Bench) -> None:
    stream = bench.stream(lease=micros(1_000))
    play(bench, stream, until=1)
    asked = inferences(bench.go_to(20.3))
    assert [seconds(e.at) for e in asked] == [2, 3, 4, 5]
    bench.frame(stream)
    assert [seconds(e.at) for e in inferences(bench.go_to(22.5))] == [21, 22]


def test_the_prompt_is_the_one_of_the_moment_of_asking(bench: Bench) -> None:
    stream = bench.stream()
    play(bench, stream, until=0.5)
    bench.do(UpdatePrompt(KEY, stream.id, "And now?"))
    (due,) = inferences(bench.go_to(1))
    bench.do(UpdatePrompt(KEY, stream.id, "Later"))
    (ready,) = only(answer(bench, due), ResultReady)
    assert ready.result.inference.prompt == "And now?"


def test_an_answer_is_given_out_when_its_latency_has_passed(bench: Bench) -> None:
    stream = bench.stream(sampling=FrameSampling(micros(60)))
    (due,) = inferences(bench.frame(stream))
    assert answer(bench, due, latency=0.25) == []
    (ready,) = only(bench.go_to(1), ResultReady)
    assert (seconds(ready.at), seconds(ready.result.latency)) == (0.25, 0.25)
    assert (stream.completed, stream.last_latency) == (1, micros(0.25))


def test_a_model_that_took_longer_than_it_says_took_that_long(bench: Bench) -> None:
    stream = bench.stream(sampling=FrameSampling(micros(60)))
    (due,) = inferences(bench.frame(stream))
    bench.go_to(3)
    (ready,) = only(answer(bench, due, latency=0.1), ResultReady)
    assert seconds(ready.result.latency) == 3


def test_the_total_latency_counts_from_the_newest_frame(bench: Bench) -> None:
    stream = bench.stream(sampling=FrameSampling(micros(2)))
    bench.frame(stream)
    bench.go_to(1.5)
    bench.frame(stream)
    (due,) = inferences(bench.go_to(2))
    answer(bench, due, latency=0.1)
    (ready,) = only(bench.go_to(3), ResultReady)
    assert (seconds(ready.result.latency), seconds(ready.result.total_latency)) == (0.1, 0.6)


def test_no_result_comes_after_the_end(bench: Bench) -> None:
    stream = bench.stream()
    (due,) = inferences(bench.frame(stream))
    answer(bench, due, latency=1)
    bench.do(EndStream(KEY, stream.id))
    assert only(bench.go_to(10), ResultReady) == []


def test_an_answer_counts_once(bench: Bench) -> None:
    stream = bench.stream()
    (due,) = inferences(bench.frame(stream))
    assert len(only(answer(bench, due), ResultReady)) == 1
    assert answer(bench, due) == []
    assert bench.do(AnswerInference("nothing", Answer())) == []


def test_a_failed_inference_is_counted_as_one(bench: Bench) -> None:
    stream = bench.stream()
    (due,) = inferences(bench.frame(stream))
    bench.do(AnswerInference(due.inference.id, Answer(error="no GPU")))
    assert (stream.completed, stream.failed) == (0, 1)


def test_a_model_that_cannot_keep_up_is_not_asked_more_and_more(bench: Bench) -> None:
    stream = bench.stream(sampling=FrameSampling(micros(0.1)))
    asked = inferences(play(bench, stream, until=5))
    assert len(asked) == MAX_PENDING_INFERENCES
    answer(bench, asked[0])
    assert len(inferences(play(bench, stream, until=6))) == 1


class TestReinfer:
    def again(self, bench: Bench, result_id: str, key: str = KEY) -> InferenceDue:
        return bench.one(Reinfer(key, result_id, "Look closer", MODEL), InferenceDue)

    @pytest.fixture
    def result_id(self, bench: Bench) -> str:
        (due,) = inferences(bench.frame(bench.stream()))
        answer(bench, due)
        return due.inference.id

    def test_a_clip_can_be_asked_about_once_it_is_persisted(self, bench: Bench, result_id: str) -> None:
        bench.at = 1.4
        with pytest.raises(CommandRejectedError) as refused:
            self.again(bench, result_id)
        assert refused.value.code is ErrorCode.CLIP_NOT_FOUND
        bench.at = 1.5
        due = self.again(bench, result_id)
        assert ([f.index for f in due.inference.frames], due.inference.prompt) == ([0], "Look closer")
        (answered,) = only(answer(bench, due, "a cat"), ReinferAnswered)
        assert answered.result.answer.text == "a cat"

    def test_it_is_no_result_of_the_stream(self, bench: Bench, result_id: str) -> None:
        bench.at = 2
        assert only(answer(bench, self.again(bench, result_id)), ResultReady) == []

    def test_another_users_result_is_unknown(self, bench: Bench, result_id: str) -> None:
        bench.at = 2
        with pytest.raises(CommandRejectedError) as refused:
            self.again(bench, result_id, "ovs-mallory")
        assert refused.value.code is ErrorCode.CLIP_NOT_FOUND

    def test_a_clip_outlives_its_stream(self, bench: Bench, result_id: str) -> None:
        bench.go_to(200)
        assert self.again(bench, result_id).inference.frames


def test_the_default_latency_is_a_setting() -> None:
    bench = Bench(Settings(seed=1, latency_seconds=0.2))
    stream = bench.stream()
    (due,) = inferences(bench.frame(stream))
    answer(bench, due)
    (ready,) = only(bench.go_to(0.2), ResultReady)
    assert seconds(ready.result.latency) == 0.2
