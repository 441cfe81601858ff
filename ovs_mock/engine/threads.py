"""Prompt caches: messages that a thread's chat has in common with its last one, from the first on, are cached."""

from collections import OrderedDict
from collections.abc import Sequence

from ovs_mock.engine.conversation import RequestMessage
from ovs_mock.engine.events import CacheUse

MAX_THREADS = 1_000


class Threads:
    """The last messages of each thread, by user. The threads that were used least recently go first."""

    def __init__(self) -> None:
        self._messages: OrderedDict[tuple[str, str], tuple[RequestMessage, ...]] = OrderedDict()

    def use(
        self, user_id: str, thread_id: str | None, messages: tuple[RequestMessage, ...], tokens: Sequence[int]
    ) -> CacheUse:
        """What of a chat is cached: the messages that it has in common with the thread's last one, from the first on.

        ``tokens`` counts each message.
        """
        if thread_id is None:
            return CacheUse()
        key = (user_id, thread_id)
        earlier = self._messages.pop(key, ())
        self._messages[key] = messages
        if len(self._messages) > MAX_THREADS:
            self._messages.popitem(last=False)
        return CacheUse(thread_id, sum(tokens[: _common(earlier, messages)]))


def _common(one: tuple[RequestMessage, ...], other: tuple[RequestMessage, ...]) -> int:
    """How many messages both begin with."""
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return count
