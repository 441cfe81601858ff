"""Ratings that users leave on their streams (deprecated by the API)."""

from collections import deque
from collections.abc import Iterator

from ovs_mock.engine.commands import GiveFeedback
from ovs_mock.engine.events import Event, FeedbackGiven
from ovs_mock.engine.state import EngineState
from ovs_mock.util.records import record


@record(frozen=True, slots=True)
class Feedback:
    id: str
    user_id: str
    stream_id: str
    rating: int
    category: str
    text: str
    created_at: int


class FeedbackStore:
    """The most recent ratings of all users; each sees their own."""

    def __init__(self, state: EngineState, capacity: int = 1_000) -> None:
        self._state = state
        self._entries: deque[Feedback] = deque(maxlen=capacity)

    def add(self, command: GiveFeedback, now: int) -> Iterator[Event]:
        user_id = self._state.accounts.authenticate(command.key).user_id
        feedback = Feedback(
            self._state.ids.uuid("feedback"),
            user_id,
            command.stream_id,
            command.rating,
            command.category,
            command.text,
            now,
        )
        self._entries.append(feedback)
        yield FeedbackGiven(now, command.stream_id, feedback.id)

    def for_key(self, key: str | None) -> list[Feedback]:
        """The caller's ratings, oldest first."""
        user_id = self._state.accounts.authenticate(key).user_id
        return [feedback for feedback in self._entries if feedback.user_id == user_id]
