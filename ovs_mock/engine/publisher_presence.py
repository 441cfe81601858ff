"""What happens to a stream when publishers join and leave its room."""

from collections.abc import Iterable

from ovs_mock.engine.commands import PublisherJoined, PublisherLeft
from ovs_mock.engine.events import Event, TokenExpiring
from ovs_mock.engine.instants import micros
from ovs_mock.engine.lifecycle import Lifecycle
from ovs_mock.engine.state import Deadline, DeadlineKey, EngineState
from ovs_mock.engine.stream import Stream, StreamState


class PublisherPresence:
    def __init__(self, state: EngineState, lifecycle: Lifecycle) -> None:
        self._state = state
        self._lifecycle = lifecycle

    def joined(self, stream: Stream, command: PublisherJoined, now: int) -> Iterable[Event]:
        stream.publishers.add(command.identity)
        self._state.schedule.cancel((Deadline.DEPARTURE, stream.id))
        half = max(0, command.token_expires_at - now) // 2
        self._state.schedule.set(_token_deadline(stream.id, command.identity), now + half)
        return ()

    def left(self, stream: Stream, command: PublisherLeft, now: int) -> Iterable[Event]:
        """Without a publisher a stream is idle at once, and ends unless somebody publishes again in time."""
        stream.publishers.discard(command.identity)
        self._state.schedule.cancel(_token_deadline(stream.id, command.identity))
        if stream.publishers:
            return ()
        self._state.schedule.cancel((Deadline.IDLE, stream.id))
        if stream.rules.departure_grace is not None:
            self._state.schedule.set((Deadline.DEPARTURE, stream.id), now + stream.rules.departure_grace)
        active = stream.state is StreamState.ACTIVE
        return self._lifecycle.change_state(stream, StreamState.IDLE, now) if active else ()

    def token_half_expired(self, token_id: str, now: int) -> Iterable[Event]:
        stream_id, _, identity = token_id.partition("/")
        if self._state.running_stream(stream_id) is None:
            return ()
        lifetime = micros(self._state.settings.publish_token_seconds)
        self._state.schedule.set(_token_deadline(stream_id, identity), now + lifetime // 2)
        return (TokenExpiring(now, stream_id, identity),)


def _token_deadline(stream_id: str, identity: str) -> DeadlineKey:
    return Deadline.PUBLISH_TOKEN, f"{stream_id}/{identity}"
