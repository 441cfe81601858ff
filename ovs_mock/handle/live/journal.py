"""A journal of what the relay has seen."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from ovs_mock.journal.entries import Entry, Request, ServerEvent, SocketClosed, SocketMessage, SocketOpened
from ovs_mock.journal.journal import Journal
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

POLL_INTERVAL = 0.1
"""Seconds between two reads while something is waited for."""

_KINDS: dict[str, Callable[..., Entry]] = {
    "request": Request,
    "event": ServerEvent,
    "socket-opened": SocketOpened,
    "socket-message": SocketMessage,
    "socket-closed": SocketClosed,
}


class LiveJournal(Journal):
    """Reads the relay's entries at each use. The relay sees neither frames nor what happens inside the server."""

    poll_interval = POLL_INTERVAL

    def __init__(self, read: Callable[[], list[dict[str, Any]]]) -> None:
        super().__init__()
        self._read = read
        self._cleared = 0

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> list[Entry]:
        return [_entry(**fields) for fields in self._read()[self._cleared :]]

    @property
    def last(self) -> int:
        return self._cleared + len(self)

    def numbered(self, after: int = 0) -> list[tuple[int, Entry]]:
        numbered = enumerate(self.entries, self._cleared + 1)
        return [(number, entry) for number, entry in numbered if number > after]

    def watchers(self, stream_id: str) -> int:
        """Number of result sockets of a stream that are open and have sent their first message."""
        kinds = Counter(type(entry) for entry in self.entries if _is_of_watcher(entry, stream_id))
        return min(kinds[SocketOpened], kinds[SocketMessage]) - kinds[SocketClosed]

    def clear(self) -> None:
        self._cleared = self.last


def _is_of_watcher(entry: Entry, stream_id: str) -> bool:
    """Whether a socket of the stream was opened or closed, or its client has sent a message."""
    match entry:
        case SocketOpened() | SocketClosed():
            return stream_id in entry.path
        case SocketMessage():
            return stream_id in entry.path and not entry.sent
        case _:
            return False


def _entry(kind: str, **fields: Any) -> Entry:
    return _KINDS[kind](**fields)
