"""Chats look at exact frames, answer token by token, and are charged for their tokens."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_support.engine import KEY, RULES, Bench, inferences, only

from ovs_mock.engine.commands import AnswerInference, AskChat, CancelChat, CreateStream, EndStream
from ovs_mock.engine.conversation import Link, RequestMessage, RequestPart, StreamFrame, StreamSegment, Text
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode, RegionError
from ovs_mock.engine.events import (
    ChatCancelled,
    ChatFailed,
    ChatFinished,
    ChatStarted,
    ChatToken,
    Event,
    StreamCreated,
    StreamEnded,
)
from ovs_mock.engine.inference import Answer, Inference
from ovs_mock.engine.instants import micros, seconds
from ovs_mock.engine.limits import RateLimitedError
from ovs_mock.engine.references import AtIndex, AtOffset, Evicted, FrameReference, SegmentReference
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import NativeSource, Stream
from ovs_mock.engine.tokens import text_tokens

MODEL = "Qwen/Qwen3.6-27B-FP8"
CHAT_RULES = replace(
    RULES,
    service=Service.CHAT,
    lease=micros(100_000),
    retention=micros(600),
    evict_by_clock=True,
    departure_grace=None,
    concurrent_streams=None,
    needs_credits=False,
    microcents_per_minute=0,
)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def new_stream(bench: Bench, key: str = KEY, region: str | None = None, **rules: Any) -> Stream:
    command = CreateStream(key=key, source=NativeSource(), rules=replace(CHAT_RULES, **rules), region=region)
    return bench.engine.state.streams[bench.one(command, StreamCreated).stream_id]


def said(*parts: RequestPart | str) -> RequestMessage:
    return RequestMessage(role="user", parts=tuple(Text(p) if isinstance(p, str) else p for p in parts))


def ask(*messages: RequestMessage, **changes: Any) -> AskChat:
    defaults: dict[str, Any] = {"key": KEY, "model": MODEL, "evicted": Evicted.REFUSE, "rate_limited": False}
    return AskChat(messages=messages or (said("Hello"),), **{**defaults, **changes})


def asked(bench: Bench, command: AskChat) -> list[Inference]:
    bench.engine.expire(bench.now)
    return [due.inference for due in inferences(bench.engine.handle(command, bench.now))]


def answer(bench: Bench, inference: Inference, text: str = "I see.", **changes: Any) -> list[Event]:
    return bench.do(AnswerInference(inference.id, Answer(text=text, **changes)))


def refusal(bench: Bench, command: AskChat) -> ErrorCode:
    with pytest.raises(CommandRejectedError) as refused:
        bench.do(command)
    return refused.value.code


class TestFrames:
    def test_parts_lead_to_their_frames_in_order(self, bench: Bench) -> None:
        one, two = new_stream(bench), new_stream(bench)
        for second in range(10):
            bench.at = second
            bench.frame(one)
            bench.frame(two)
        message = said(
            "Compare",
            StreamFrame(one.id, FrameReference(AtIndex(-1))),
            StreamSegment(two.id, SegmentReference(AtOffset(-micros(3)))),
            Link("https://a", "image"),
        )
        (inference,) = asked(bench, ask(message))
        assert [f.index for f in inference.frames] == [9, 6, 7, 8, 9]
        assert (inference.prompt, inference.mode, inference.stream_id) == ("Compare", "chat", None)
        assert inference.conversation is not None
        assert inference.conversation.messages[0].parts[-1] == Link("https://a", "image")

    def test_frames_grow_old_by_the_clock(self, bench: Bench) -> None:
        stream = new_stream(bench)
        bench.frame(stream)
        last = said(StreamFrame(stream.id, FrameReference(AtIndex(-1))))
        bench.at = 600
        assert len(asked(bench, ask(last))) == 1
        bench.at = 600.1
        assert refusal(bench, ask(last)) is ErrorCode.FRAME_EVICTED
        assert stream.frames.evicted == 1

    def test_unknown_ended_and_other_peoples_streams(self, bench: Bench) -> None:
        def frame_of(stream_id: str) -> RequestMessage:
            return said(StreamFrame(stream_id, FrameReference(AtIndex(0))))

        ended, others, results = new_stream(bench), new_stream(bench, "ovs-bob"), bench.stream()
        bench.do(EndStream(KEY, ended.id, Service.CHAT))
        assert refusal(bench, ask(frame_of("nothing"))) is ErrorCode.STREAM_NOT_FOUND
        assert refusal(bench, ask(frame_of(ended.id))) is ErrorCode.STREAM_NOT_FOUND
        assert refusal(bench, ask(frame_of(results.id))) is ErrorCode.STREAM_NOT_FOUND
        assert refusal(bench, ask(frame_of(others.id))) is ErrorCode.STREAM_OF_ANOTHER_USER

    def test_one_chat_keeps_to_one_region(self, bench: Bench) -> None:
        streams = [new_stream(bench, region=region) for region in ("us-west1", "us-central1")]
        for stream in streams:
            bench.frame(stream)
        parts = [StreamFrame(stream.id, FrameReference(AtIndex(0))) for stream in streams]
        (started,) = only(bench.do(ask(said(parts[1]))), ChatStarted)
        assert started.region == "us-central1"
        with pytest.raises(RegionError) as refused:
            bench.do(ask(said(*parts)))
        assert (refused.value.expected, refused.value.requested) == ("us-central1", "us-west1")
        with pytest.raises(RegionError):
            bench.do(ask(said(parts[0]), region="us-central1"))

    def test_a_model_for_images_takes_no_segments(self, bench: Bench) -> None:
        stream = new_stream(bench)
        bench.frame(stream)
        segment = StreamSegment(stream.id, SegmentReference(AtIndex(0)))
        assert refusal(bench, ask(said(segment), model="gpt-5.4")) is ErrorCode.NO_VIDEO_MODEL
        assert asked(bench, ask(said(StreamFrame(stream.id, FrameReference(AtIndex(0)))), model="gpt-5.4"))


class TestAdmission:
    def test_who_may_ask(self, bench: Bench) -> None:
        assert refusal(bench, ask(key=None)) is ErrorCode.UNAUTHORIZED
        assert refusal(bench, ask(model="nobody/knows")) is ErrorCode.UNKNOWN_MODEL
        bench.engine.state.models.set_status(MODEL, "unavailable")
        assert refusal(bench, ask()) is ErrorCode.MODEL_NOT_ACCEPTING
        bench.engine.state.accounts.register(KEY, credits_cents=0)
        assert refusal(bench, ask(model="gpt-5.4")) is ErrorCode.INSUFFICIENT_CREDITS
        bench.engine.state.draining = True
        assert refusal(bench, ask()) is ErrorCode.DRAINING

    def test_calls_are_counted_where_they_are_limited(self) -> None:
        bench = Bench(Settings(seed=1, chats_per_second=1))
        (started,) = only(bench.do(ask(rate_limited=True)), ChatStarted)
        assert started.allowance is not None
        assert (started.allowance.limit, started.allowance.remaining) == (1, 0)
        with pytest.raises(RateLimitedError):
            bench.do(ask(rate_limited=True))
        bench.do(ask())
        bench.at = 1
        bench.do(ask(rate_limited=True))


class TestAnswers:
    def test_all_at_once_without_a_pace(self, bench: Bench) -> None:
        (inference,) = asked(bench, ask())
        events = answer(bench, inference, "Hello there")
        assert "".join(e.text for e in only(events, ChatToken)) == "Hello there"
        (finished,) = only(events, ChatFinished)
        assert [a.text for a in finished.answers] == ["Hello there"]

    def test_token_by_token_at_its_pace(self, bench: Bench) -> None:
        (inference,) = asked(bench, ask())
        assert answer(bench, inference, "one two thr!", latency=micros(0.5), tokens_per_second=10.0) == []
        events = bench.go_to(5)
        assert [(seconds(e.at), e.text) for e in only(events, ChatToken)] == [
            (0.5, "one "),
            (0.6, "two "),
            (0.7, "thr!"),
        ]
        assert [seconds(e.at) for e in only(events, ChatFinished)] == [0.7]

    def test_several_choices_are_one_exchange(self, bench: Bench) -> None:
        first, second = asked(bench, ask(choices=2))
        assert only(answer(bench, second, "bbbb"), ChatFinished) == []
        (finished,) = only(answer(bench, first, "aaaa"), ChatFinished)
        assert [a.text for a in finished.answers] == ["aaaa", "bbbb"]
        assert finished.usage.completion_tokens == 2

    def test_a_failure_ends_it_and_costs_nothing(self, bench: Bench) -> None:
        first, second = asked(bench, ask(choices=2))
        answer(bench, first, "aaaa", tokens_per_second=1.0)
        (failed,) = only(answer(bench, second, error="no GPU"), ChatFailed)
        assert failed.answer.error == "no GPU"
        assert bench.go_to(100) == []
        assert bench.engine.state.accounts.authenticate(KEY).balance == 1_000_000_000

    def test_a_caller_who_goes_pays_for_what_was_said(self, bench: Bench) -> None:
        (inference,) = asked(bench, ask())
        (piece,) = only(answer(bench, inference, "x" * 40, tokens_per_second=1.0), ChatToken)
        (left,) = only(bench.do(CancelChat(piece.exchange_id)), ChatCancelled)
        assert bench.go_to(100) == []
        price = bench.engine.state.prices.for_model(MODEL)
        assert price is not None
        balance = bench.engine.state.accounts.authenticate(KEY).balance
        assert 1_000_000_000 - balance == left.cost == price.cost(prompt=2, cached=0, completion=1)
        assert left.usage.completion_tokens == 1
        assert bench.do(CancelChat(piece.exchange_id)) == []

    @given(st.lists(st.tuples(st.text(max_size=50), st.none() | st.floats(0.5, 1_000)), min_size=1, max_size=4))
    def test_pieces_make_up_the_answers_and_charges_add_up(self, answers: list[tuple[str, float | None]]) -> None:
        bench = Bench()
        waiting = asked(bench, ask(said("How are you?"), choices=len(answers)))
        events: list[Event] = []
        for inference, (text, pace) in zip(waiting, answers, strict=True):
            events += answer(bench, inference, text, tokens_per_second=pace)
        events += bench.go_to(1_000)
        for number, (text, _) in enumerate(answers):
            assert "".join(e.text for e in only(events, ChatToken) if e.choice == number) == text
        (finished,) = only(events, ChatFinished)
        assert finished.usage.prompt_tokens == text_tokens("How are you?")
        assert finished.usage.completion_tokens == sum(text_tokens(text) for text, _ in answers)
        assert bench.engine.state.accounts.authenticate(KEY).balance == 1_000_000_000 - finished.cost


class TestThreads:
    def test_what_a_thread_began_with_is_cached(self, bench: Bench) -> None:
        history = (said("x" * 400), said("And?"))
        (first,) = only(bench.do(ask(*history, thread_id="t")), ChatStarted)
        assert (first.cache.hit, first.cache.thread_id) == (False, "t")
        (second,) = only(bench.do(ask(*history, said("More"), thread_id="t")), ChatStarted)
        assert second.cache.cached_tokens == 101
        (other,) = only(bench.do(ask(*history, thread_id="t", key="ovs-bob")), ChatStarted)
        assert not other.cache.hit
        (changed,) = only(bench.do(ask(said("Else"), history[1], thread_id="t")), ChatStarted)
        assert not changed.cache.hit

    def test_cached_tokens_are_cheaper(self, bench: Bench) -> None:
        costs = []
        for _ in range(2):
            (inference,) = asked(bench, ask(said("x" * 4_000), thread_id="t"))
            costs += [e.cost for e in only(answer(bench, inference), ChatFinished)]
        assert costs[1] < costs[0]

    def test_without_a_thread_there_is_no_cache(self, bench: Bench) -> None:
        for _ in range(2):
            (started,) = only(bench.do(ask()), ChatStarted)
            assert (started.cache.hit, started.cache.thread_id) == (False, None)


class TestStreams:
    def test_a_publisher_that_leaves_does_not_end_it(self, bench: Bench) -> None:
        from ovs_mock.engine.commands import PublisherJoined, PublisherLeft

        stream = new_stream(bench)
        bench.do(PublisherJoined(stream.id, "p", micros(600)))
        bench.do(PublisherLeft(stream.id, "p"))
        assert only(bench.go_to(90_000), StreamEnded) == []

    def test_ids_do_not_cross_services(self, bench: Bench) -> None:
        stream = new_stream(bench)
        with pytest.raises(CommandRejectedError):
            bench.do(EndStream(KEY, stream.id))
        bench.do(EndStream(KEY, stream.id, Service.CHAT))

    def test_after_the_tombstone_it_is_unknown(self, bench: Bench) -> None:
        stream = new_stream(bench)
        bench.do(EndStream(KEY, stream.id, Service.CHAT))
        bench.do(EndStream(KEY, stream.id, Service.CHAT))
        bench.go_to(61)
        with pytest.raises(CommandRejectedError):
            bench.do(EndStream(KEY, stream.id, Service.CHAT))

    def test_money_that_is_gone_does_not_stop_keepalives_of_free_streams(self, bench: Bench) -> None:
        from ovs_mock.engine.commands import RenewLease

        stream = new_stream(bench)
        bench.engine.state.accounts.authenticate(KEY).balance = -5
        bench.do(RenewLease(KEY, stream.id, Service.CHAT))
        (ended,) = only(bench.do(EndStream(KEY, stream.id, Service.CHAT)), StreamEnded)
        assert ended.charge.microcents == 0
