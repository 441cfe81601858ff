"""Whatever is asked, in whatever order and however time passes, the engine keeps its promises."""

from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from ovs_support.engine import PLAN, Blank, create

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.commands import (
    AnswerInference,
    AuthenticateSocket,
    Command,
    EndStream,
    FrameArrived,
    OpenSocket,
    PublisherJoined,
    PublisherLeft,
    RenewLease,
    SuspendIdleTimer,
    TransportLost,
    UpdatePrompt,
)
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.events import (
    Event,
    InferenceDue,
    LeaseRenewed,
    ResultReady,
    SocketAccepted,
    SocketRejected,
    StreamCreated,
    StreamEnded,
)
from ovs_mock.engine.inference import Answer
from ovs_mock.engine.instants import MINUTE, micros
from ovs_mock.engine.sampling import ClipSampling, FrameSampling
from ovs_mock.engine.settings import Settings

if TYPE_CHECKING:
    from ovs_mock.engine.stream import Stream

KEYS = ("ovs-alice", "ovs_bob")
CENTS = 3
samplings = st.sampled_from(
    [FrameSampling(micros(0.1)), FrameSampling(micros(7)), ClipSampling(micros(0.5), micros(0.5), 6)]
)


class EngineMachine(RuleBasedStateMachine):
    streams = Bundle("streams")
    inferences = Bundle("inferences")

    @initialize()
    def start(self) -> None:
        self.engine = Engine(Settings(seed=1, credits_cents=CENTS))
        self.now = 0
        self.created: dict[str, StreamCreated] = {}
        self.ended: dict[str, StreamEnded] = {}
        self.charged: dict[str, int] = {}
        self.sockets: dict[str, bool] = {}
        self.last_event_at = 0
        self.seen: dict[str, Stream] = {}
        self.due: list[str] = []

    def watch(self, events: list[Event]) -> None:
        """What every event must respect."""
        for event in events:
            assert self.last_event_at <= event.at <= self.now, "events come in order, and not from the future"
            self.last_event_at = event.at
            match event:
                case StreamCreated():
                    self.created[event.stream_id] = event
                case StreamEnded():
                    assert event.stream_id not in self.ended, "a stream ends once"
                    self.ended[event.stream_id] = event
                    self.charge(event.stream_id, event.charge.microcents)
                case LeaseRenewed():
                    assert event.stream_id not in self.ended, "no lease is renewed after the end"
                    self.charge(event.stream_id, event.charge.microcents)
                case ResultReady():
                    assert event.stream_id not in self.ended, "no result comes after the end"
                    assert event.result.latency >= 0
                    assert event.result.total_latency >= event.result.latency
                case InferenceDue():
                    assert event.inference.frames, "no inference runs without a frame"
                    self.due.append(event.inference.id)
                case SocketAccepted() | SocketRejected():
                    assert not self.sockets[event.socket_id], "a socket is answered once"
                    self.sockets[event.socket_id] = True
                case _:
                    pass

    def charge(self, stream_id: str, microcents: int) -> None:
        assert microcents >= 0
        self.charged[stream_id] = self.charged.get(stream_id, 0) + microcents

    def do(self, command: Command) -> list[Event]:
        self.watch(self.engine.expire(self.now))
        try:
            events = self.engine.handle(command, self.now)
        except CommandRejectedError:
            return []
        self.watch(events)
        return events

    @rule(target=streams, key=st.sampled_from(KEYS), sampling=samplings, idle=st.sampled_from([1, 5]))
    def create(self, key: str, sampling: Any, idle: int) -> Any:
        events = self.do(create(key, sampling=sampling, idle_after=micros(idle)))
        ids = [e.stream_id for e in events if isinstance(e, StreamCreated)]
        self.seen.update({id_: self.engine.state.streams[id_] for id_ in ids})
        return multiple(*ids)

    @rule(stream=streams, key=st.sampled_from(KEYS))
    def renew(self, stream: str, key: str) -> None:
        self.do(RenewLease(key, stream))

    @rule(stream=streams, key=st.sampled_from(KEYS))
    def end(self, stream: str, key: str) -> None:
        self.do(EndStream(key, stream))

    @rule(stream=streams, key=st.sampled_from(KEYS))
    def update_prompt(self, stream: str, key: str) -> None:
        self.do(UpdatePrompt(key, stream, "another"))

    @rule(target=inferences, stream=streams, ahead=st.integers(-micros(2), micros(2)))
    def frame(self, stream: str, ahead: int) -> Any:
        self.do(FrameArrived(stream, self.now + ahead, Blank()))
        due, self.due = self.due, []
        return multiple(*due)

    @rule(inference=consumes(inferences), latency=st.none() | st.integers(0, micros(3)), ok=st.booleans())
    def answer(self, inference: str, latency: int | None, ok: bool) -> None:  # noqa: FBT001
        self.do(AnswerInference(inference, Answer(latency=latency, error=None if ok else "no")))

    @rule(stream=streams, identity=st.sampled_from("pq"), life=st.integers(micros(1), micros(600)))
    def join(self, stream: str, identity: str, life: int) -> None:
        self.do(PublisherJoined(stream, identity, self.now + life))

    @rule(stream=streams, identity=st.sampled_from("pq"))
    def leave(self, stream: str, identity: str) -> None:
        self.do(PublisherLeft(stream, identity))

    @rule(stream=streams)
    def lose_transport(self, stream: str) -> None:
        self.do(TransportLost(stream))

    @rule(stream=streams, ahead=st.integers(0, micros(100)))
    def hold(self, stream: str, ahead: int) -> None:
        self.do(SuspendIdleTimer(frozenset({stream}), self.now + ahead))

    @rule(stream=streams, key=st.none() | st.sampled_from(KEYS), answers=st.booleans())
    def knock(self, stream: str, key: str | None, answers: bool) -> None:  # noqa: FBT001
        socket_id = f"s{len(self.sockets)}"
        self.sockets[socket_id] = False
        self.do(OpenSocket(socket_id, stream))
        if answers:
            self.do(AuthenticateSocket(socket_id, key))

    @rule(target=inferences, step=st.integers(0, micros(50)))
    def pass_time(self, step: int) -> Any:
        self.now += step
        self.watch(self.engine.expire(self.now))
        due, self.due = self.due, []
        return multiple(*due)

    @rule(target=inferences)
    def pass_to_the_next_deadline(self) -> Any:
        deadline = self.engine.next_deadline()
        return self.pass_time(max(0, deadline - self.now)) if deadline is not None else multiple()

    @invariant()
    def nothing_due_is_left(self) -> None:
        deadline = self.engine.next_deadline()
        assert deadline is None or deadline > self.now

    @invariant()
    def no_key_holds_more_than_five_streams(self) -> None:
        running = [s.key for s in self.engine.state.streams.values() if s.running]
        assert all(running.count(key) <= 5 for key in KEYS)

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        for key in KEYS:
            account = self.account(key)
            if account is not None:
                spent = sum(self.charged.get(s.id, 0) for s in self.seen.values() if s.key == key)
                assert account.balance == CENTS * 1_000_000 - spent
                assert account.balance >= 0

    @invariant()
    def a_stream_costs_its_time_or_all_that_there_was(self) -> None:
        for stream_id, ended in self.ended.items():
            price = (ended.at - self.created[stream_id].at) * 2_000_000 // MINUTE
            charged, stream = self.charged[stream_id], self.seen[stream_id]
            account = self.account(stream.key)
            assert account is not None
            assert charged == price or (charged < price and stream.meter.charged == price)

    @invariant()
    def indices_are_lifetime_indices(self) -> None:
        for stream in self.seen.values():
            frames = stream.frames.since(-micros(10))
            assert [f.index for f in frames] == list(range(stream.frames.evicted, stream.frames.received))
            assert [f.at for f in frames] == sorted(f.at for f in frames)

    @invariant()
    def counts_fit_together(self) -> None:
        for stream in self.seen.values():
            assert stream.pending_inferences >= 0
            assert stream.plan is not None
            assert stream.plan.model == PLAN.model

    def account(self, key: str) -> Account | None:
        return self.engine.state.accounts._by_key.get(key)


EngineMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestEngine = EngineMachine.TestCase
