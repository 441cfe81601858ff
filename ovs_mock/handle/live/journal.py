"""What a relay has seen, as a journal."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from ovs_mock.journal.entries import Entry, Request, ServerEvent, SocketClosed, SocketMessage, SocketOpened
from ovs_mock.journal.journal import Journal
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

EVERY = 0.1
"""Seconds between two looks at something that is waited for."""

_KINDS: dict[str, Callable[..., Entry]] = {
    "request": Request,
    "event": ServerEvent,
    "socket-opened": SocketOpened,
    "socket-message": SocketMessage,
    "socket-closed": SocketClosed,
}


class LiveJournal(Journal):
    """Read anew from the relay each time. Of frames and of what the server's rules decide, a relay sees nothing."""

    looks_every = EVERY

    def __init__(self, seen: Callable[[], list[dict[str, Any]]]) -> None:
        super().__init__()
        self._seen = seen
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> list[Entry]:
        return [_entry(**told) for told in self._seen()[self._forgotten :]]

    @property
    def last(self) -> int:
        return self._forgotten + len(self)

    def numbered(self, after: int = 0) -> list[tuple[int, Entry]]:
        numbered = enumerate(self.entries, self._forgotten + 1)
        return [(number, entry) for number, entry in numbered if number > after]

    def watchers(self, stream_id: str) -> int:
        """How many result sockets of a stream are open and have sent their first message."""
        kinds = Counter(type(entry) for entry in self.entries if _of_socket(entry, stream_id))
        return min(kinds[SocketOpened], kinds[SocketMessage]) - kinds[SocketClosed]

    def clear(self) -> None:
        self._forgotten = self.last


def _of_socket(entry: Entry, stream_id: str) -> bool:
    """Whether it tells that a socket of the stream was opened or closed, or that its client said something."""
    match entry:
        case SocketOpened() | SocketClosed():
            return stream_id in entry.path
        case SocketMessage():
            return stream_id in entry.path and not entry.sent
        case _:
            return False


def _entry(kind: str, **told: Any) -> Entry:
    return _KINDS[kind](**told)
