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
from ovs_mock.engine.publisher_presence import PublisherPresence
from ovs_mock.engine.result_scheduler import ResultScheduler
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
        self._presence = PublisherPresence(self.state, self._lifecycle)
        self._inferences = InferenceQueue(self.state)
        self._scheduler = ResultScheduler(self.state, self._inferences)
        self._chats = Chats(self.state, self._inferences)
        self._subscribers = Subscribers(self.state)

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
                yield from self._scheduler.reinfer(command, now)
            case GiveFeedback():
                yield from self.feedback.add(command, now)
            case OpenSocket():
                self._subscribers.open(command, now)
            case AuthenticateSocket():
                yield from self._subscribers.authenticate(command, now)
            case CloseSocket():
                self._subscribers.close(command)
            case AnswerInference():
                yield from self._inferences.answer(command, now)
            case AskChat():
                yield from self._chats.ask(command, now)
            case CancelChat():
                yield from self._chats.cancel(command, now)
            case PublisherJoined() | PublisherLeft() | FrameArrived() | TransportLost():
                yield from self._media(command, now)
            case TerminateStream():
                if stream := self._find_running(command.stream_id):
                    yield from self._lifecycle.finish(stream, command.reason, now)
            case SetAlarm():
                self._set_alarm(command)
            case SuspendIdleTimer():
                for stream_id in command.stream_ids:
                    if stream := self._find_running(stream_id):
                        self._lifecycle.suspend_idle_timer(stream, command.until)
            case _:
                assert_never(command)

    def _media(
        self, command: PublisherJoined | PublisherLeft | FrameArrived | TransportLost, now: int
    ) -> Iterator[Event]:
        """Media comes when it comes: what arrives after the stream's end is not an error, and changes nothing."""
        stream = self._find_running(command.stream_id)
        if stream is None:
            return
        match command:
            case PublisherJoined():
                self._presence.joined(stream, command, now)
            case PublisherLeft():
                yield from self._presence.left(stream, command, now)
            case FrameArrived():
                yield from self._lifecycle.add_frame(stream, command, now)
                self._scheduler.on_frame(stream, now)
            case TransportLost():
                yield from self._lifecycle.finish(stream, EndReason.WEBRTC_DISCONNECTED, now)
            case _:
                assert_never(command)

    def _expire(self, key: DeadlineKey, at: int) -> Iterator[Event]:
        deadline, id_ = key
        match deadline:
            case Deadline.ANSWER:
                yield from self._inferences.deliver(id_, at)
            case Deadline.CHAT_TOKEN:
                yield from self._chats.token_due(id_, at)
            case Deadline.PUBLISH_TOKEN:
                yield from self._presence.token_half_expired(id_, at)
            case Deadline.FIRST_MESSAGE:
                yield from self._subscribers.first_message_late(id_, at)
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
                yield from self._presence.departure_grace_over(stream, at)
            case Deadline.IDLE:
                yield from self._lifecycle.become_idle(stream, at)
            case Deadline.INFERENCE:
                yield from self._scheduler.tick(stream, at)

    def _set_alarm(self, command: SetAlarm) -> None:
        key = (Deadline.ALARM, command.alarm_id)
        if command.at is None:
            self.state.schedule.cancel(key)
        else:
            self.state.schedule.set(key, command.at)

    def _find_running(self, stream_id: str) -> Stream | None:
        stream = self.state.streams.get(stream_id)
        return stream if stream and stream.running else None
