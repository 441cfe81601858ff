"""What publishers do to their stream by coming and going."""

from collections.abc import Iterator

from ovs_mock.engine.commands import PublisherJoined, PublisherLeft
from ovs_mock.engine.events import Event, TokenExpiring
from ovs_mock.engine.instants import micros
from ovs_mock.engine.lifecycle import Lifecycle
from ovs_mock.engine.state import Deadline, DeadlineKey, EngineState
from ovs_mock.engine.stream import EndReason, Stream, StreamState


class PublisherPresence:
    def __init__(self, state: EngineState, lifecycle: Lifecycle) -> None:
        self._state = state
        self._lifecycle = lifecycle

    def joined(self, stream: Stream, command: PublisherJoined, now: int) -> None:
        stream.publishers.add(command.identity)
        self._state.schedule.cancel((Deadline.DEPARTURE, stream.id))
        half = max(0, command.token_expires_at - now) // 2
        self._state.schedule.set(_token_deadline(stream.id, command.identity), now + half)

    def left(self, stream: Stream, command: PublisherLeft, now: int) -> Iterator[Event]:
        """Idle at once, and over unless somebody publishes again in time."""
        stream.publishers.discard(command.identity)
        self._state.schedule.cancel(_token_deadline(stream.id, command.identity))
        if stream.publishers:
            return
        self._state.schedule.cancel((Deadline.IDLE, stream.id))
        if stream.rules.departure_grace is not None:
            self._state.schedule.set((Deadline.DEPARTURE, stream.id), now + stream.rules.departure_grace)
        if stream.state is StreamState.ACTIVE:
            yield from self._lifecycle.change_state(stream, StreamState.IDLE, now)

    def token_half_expired(self, token_id: str, now: int) -> Iterator[Event]:
        stream_id, _, identity = token_id.partition("/")
        stream = self._state.streams.get(stream_id)
        if stream is None or not stream.running:
            return
        lifetime = micros(self._state.settings.publish_token_seconds)
        self._state.schedule.set(_token_deadline(stream_id, identity), now + lifetime // 2)
        yield TokenExpiring(now, stream_id, identity)

    def departure_grace_over(self, stream: Stream, now: int) -> Iterator[Event]:
        yield from self._lifecycle.finish(stream, EndReason.LIVEKIT_DISCONNECTED, now)


def _token_deadline(stream_id: str, identity: str) -> DeadlineKey:
    return Deadline.PUBLISH_TOKEN, f"{stream_id}/{identity}"
