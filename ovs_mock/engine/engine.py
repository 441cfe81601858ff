"""The engine: commands in, events out, deadlines in between."""

from collections.abc import Iterator
from typing import assert_never

from ovs_mock.engine.chat import Chats
from ovs_mock.engine.commands import (
    AnswerInference,
    AskChat,
    AuthenticateSocket,
    CancelChat,
    CloseSocket,
    Command,
    CreateStream,
    EndStream,
    FrameArrived,
    GiveFeedback,
    OpenSocket,
    PublisherJoined,
    PublisherLeft,
    Reinfer,
    RenewLease,
    SetAlarm,
    SuspendIdleTimer,
    TerminateStream,
    TransportLost,
    UpdatePrompt,
)
from ovs_mock.engine.events import AlarmFired, Event
from ovs_mock.engine.feedback import FeedbackStore
from ovs_mock.engine.inference_queue import InferenceQueue
from ovs_mock.engine.lifecycle import Lifecycle
from ovs_mock.engine.result_scheduler import ResultScheduler
from ovs_mock.engine.room import PublisherPresence
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import Deadline, DeadlineKey, EngineState
from ovs_mock.engine.stream import EndReason, Stream
from ovs_mock.engine.subscribers import Subscribers


class Engine:
    """One mock's rules and state.

    ``handle`` raises RefusedError for what the rules do not allow. Instants handed in must never go back, and
    whoever calls ``handle`` has called ``expire`` for the same instant before.
    """

    def __init__(self, settings: Settings) -> None:
        self.state = EngineState.new(settings)
        self.feedback = FeedbackStore(self.state)
        self._lifecycle = Lifecycle(self.state)
        self._room = PublisherPresence(self.state, self._lifecycle)
        self._inferences = InferenceQueue(self.state)
        self._analysis = ResultScheduler(self.state, self._inferences)
        self._chat = Chats(self.state, self._inferences)
        self._audience = Subscribers(self.state)

    def handle(self, command: Command, now: int) -> list[Event]:
        """Carry out a command, and what is due at once because of it."""
        return [*self._handle(command, now), *self.expire(now)]

    def next_deadline(self) -> int | None:
        """When ``expire`` has something to do next."""
        return self.state.schedule.next()

    def expire(self, now: int) -> list[Event]:
        """Carry out every deadline up to ``now``, each at its own instant."""
        events: list[Event] = []
        while due := self.state.schedule.pop_due(now):
            events.extend(self._expire(due[1], due[0]))
        return events

    def _handle(self, command: Command, now: int) -> Iterator[Event]:  # noqa: C901 - one row a command
        match command:
            case CreateStream():
                yield from self._lifecycle.create(command, now)
            case RenewLease():
                yield from self._lifecycle.renew(command, now)
            case EndStream():
                yield from self._lifecycle.end(command, now)
            case UpdatePrompt():
                yield from self._lifecycle.update_prompt(command, now)
            case Reinfer():
                yield from self._analysis.reinfer(command, now)
            case GiveFeedback():
                yield from self.feedback.give(command, now)
            case OpenSocket():
                self._audience.open(command, now)
            case AuthenticateSocket():
                yield from self._audience.authenticate(command, now)
            case CloseSocket():
                self._audience.close(command)
            case AnswerInference():
                yield from self._inferences.answer(command, now)
            case AskChat():
                yield from self._chat.ask(command, now)
            case CancelChat():
                yield from self._chat.cancel(command, now)
            case PublisherJoined() | PublisherLeft() | FrameArrived() | TransportLost():
                yield from self._media(command, now)
            case TerminateStream():
                if stream := self._running(command.stream_id):
                    yield from self._lifecycle.finish(stream, command.reason, now)
            case SetAlarm():
                self._set_alarm(command)
            case SuspendIdleTimer():
                for stream_id in command.stream_ids:
                    if stream := self._running(stream_id):
                        self._lifecycle.hold(stream, command.until)
            case _:
                assert_never(command)

    def _media(
        self, command: PublisherJoined | PublisherLeft | FrameArrived | TransportLost, now: int
    ) -> Iterator[Event]:
        """Media comes when it comes: what arrives after the stream's end is not an error, and changes nothing."""
        stream = self._running(command.stream_id)
        if stream is None:
            return
        match command:
            case PublisherJoined():
                self._room.joined(stream, command, now)
            case PublisherLeft():
                yield from self._room.left(stream, command, now)
            case FrameArrived():
                yield from self._lifecycle.frame(stream, command, now)
                self._analysis.frame(stream, now)
            case TransportLost():
                yield from self._lifecycle.finish(stream, EndReason.WEBRTC_DISCONNECTED, now)
            case _:
                assert_never(command)

    def _expire(self, key: DeadlineKey, at: int) -> Iterator[Event]:
        deadline, id_ = key
        match deadline:
            case Deadline.ANSWER:
                yield from self._inferences.deliver(id_, at)
            case Deadline.TOKEN_DUE:
                yield from self._chat.piece_due(id_, at)
            case Deadline.TOKEN:
                yield from self._room.token_half_gone(id_, at)
            case Deadline.FIRST_MESSAGE:
                yield from self._audience.late(id_, at)
            case Deadline.ALARM:
                yield AlarmFired(at, id_)
            case Deadline.TOMBSTONE:
                self._lifecycle.forget(self.state.streams[id_])
            case Deadline.LEASE | Deadline.DEPARTURE | Deadline.IDLE | Deadline.INFERENCE:
                yield from self._expire_running(deadline, self.state.streams[id_], at)
            case _:
                assert_never(deadline)

    def _expire_running(self, deadline: Deadline, stream: Stream, at: int) -> Iterator[Event]:
        match deadline:
            case Deadline.LEASE:
                yield from self._lifecycle.lease_expired(stream, at)
            case Deadline.DEPARTURE:
                yield from self._room.departed(stream, at)
            case Deadline.IDLE:
                yield from self._lifecycle.silence(stream, at)
            case Deadline.INFERENCE:
                yield from self._analysis.tick(stream, at)

    def _set_alarm(self, command: SetAlarm) -> None:
        key = (Deadline.ALARM, command.alarm_id)
        if command.at is None:
            self.state.schedule.cancel(key)
        else:
            self.state.schedule.set(key, command.at)

    def _running(self, stream_id: str) -> Stream | None:
        stream = self.state.streams.get(stream_id)
        return stream if stream and stream.running else None
