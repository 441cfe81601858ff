"""The engine: commands go in, events come out, and deadlines fire in between."""

from collections.abc import Iterable
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
from ovs_mock.engine.stream import EndReason, StreamState
from ovs_mock.engine.subscribers import Subscribers


class Engine:
    """The rules and the state of one mock.

    ``handle`` raises CommandRejectedError for what the rules do not allow. The instants of successive calls must not
    decrease, and each call of ``handle`` must follow a call of ``expire`` with the same instant.
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
        """Carry out a command, and every deadline that is due at once because of it."""
        return [*self._handle(command, now), *self.expire(now)]

    def next_deadline(self) -> int | None:
        """The instant at which ``expire`` has something to do next."""
        return self.state.schedule.next()

    def expire(self, now: int) -> list[Event]:
        """Carry out every deadline up to ``now``, each at its own instant."""
        events: list[Event] = []
        while due := self.state.schedule.pop_due(now):
            events.extend(self._expire(due[1], due[0]))
        return events

    def _handle(self, command: Command, now: int) -> Iterable[Event]:  # noqa: C901 - one row per command
        match command:
            # The two most frequent commands come first.
            case AnswerInference():
                return self._inferences.answer(command, now)
            case FrameArrived() | PublisherJoined() | PublisherLeft() | TransportLost():
                return self._handle_media(command, now)
            case CreateStream():
                return self._lifecycle.create(command, now)
            case RenewLease():
                return self._lifecycle.renew(command, now)
            case EndStream():
                return self._lifecycle.end(command, now)
            case UpdatePrompt():
                return self._lifecycle.update_prompt(command, now)
            case TerminateStream():
                return self._lifecycle.terminate(command, now)
            case SuspendIdleTimer():
                return self._lifecycle.suspend_idle_timers(command)
            case Reinfer():
                return self._scheduler.reinfer(command, now)
            case GiveFeedback():
                return self.feedback.add(command, now)
            case OpenSocket():
                return self._subscribers.open(command, now)
            case AuthenticateSocket():
                return self._subscribers.authenticate(command, now)
            case CloseSocket():
                return self._subscribers.close(command)
            case AskChat():
                return self._chats.ask(command, now)
            case CancelChat():
                return self._chats.cancel(command, now)
            case SetAlarm():
                return self._set_alarm(command)
            case _:
                assert_never(command)

    def _handle_media(
        self, command: PublisherJoined | PublisherLeft | FrameArrived | TransportLost, now: int
    ) -> Iterable[Event]:
        """Media that arrives after the end of its stream is not an error, and changes nothing."""
        stream = self.state.running_stream(command.stream_id)
        if stream is None:
            return ()
        match command:
            case FrameArrived():
                events = self._lifecycle.add_frame(stream, command, now)
                self._scheduler.on_frame(stream, now)
                return events
            case PublisherJoined():
                return self._presence.joined(stream, command, now)
            case PublisherLeft():
                return self._presence.left(stream, command, now)
            case TransportLost():
                return self._lifecycle.finish(stream, EndReason.WEBRTC_DISCONNECTED, now)
            case _:
                assert_never(command)

    def _expire(self, key: DeadlineKey, at: int) -> Iterable[Event]:  # noqa: C901 - one row per deadline
        deadline, id_ = key
        match deadline:
            case Deadline.INFERENCE:
                return self._scheduler.tick(self.state.streams[id_], at)
            case Deadline.ANSWER:
                return self._inferences.deliver(id_, at)
            case Deadline.CHAT_TOKEN:
                return self._chats.token_due(id_, at)
            case Deadline.LEASE:
                return self._lifecycle.lease_expired(self.state.streams[id_], at)
            case Deadline.IDLE:
                return self._lifecycle.change_state(self.state.streams[id_], StreamState.IDLE, at)
            case Deadline.DEPARTURE:
                return self._lifecycle.finish(self.state.streams[id_], EndReason.LIVEKIT_DISCONNECTED, at)
            case Deadline.PUBLISH_TOKEN:
                return self._presence.token_half_expired(id_, at)
            case Deadline.FIRST_MESSAGE:
                return self._subscribers.first_message_late(id_, at)
            case Deadline.ALARM:
                return (AlarmFired(at, id_),)
            case Deadline.TOMBSTONE:
                return self._lifecycle.remove_tombstone(self.state.streams[id_])
            case _:
                assert_never(deadline)

    def _set_alarm(self, command: SetAlarm) -> Iterable[Event]:
        key = (Deadline.ALARM, command.alarm_id)
        if command.at is None:
            self.state.schedule.cancel(key)
        else:
            self.state.schedule.set(key, command.at)
        return ()
