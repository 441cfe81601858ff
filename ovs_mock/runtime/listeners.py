"""Which functions are called for which events."""

from collections.abc import Callable, Iterable

from ovs_mock.engine.events import Event

Listener = Callable[[Event], None]


class EventListeners:
    """Calls listeners in the order in which they were added, each only for the kinds of events that it wants."""

    def __init__(self) -> None:
        self._entries: list[tuple[Listener, frozenset[type[Event]] | None]] = []
        self._by_kind: dict[type[Event], tuple[Listener, ...]] = {}

    def add(self, listener: Listener, kinds: Iterable[type[Event]] | None = None) -> Callable[[], None]:
        """Call ``listener`` for events of these kinds, or for all; call the returned function to stop."""
        entry = (listener, None if kinds is None else frozenset(kinds))
        self._entries.append(entry)
        self._by_kind.clear()

        def remove() -> None:
            if entry in self._entries:
                self._entries.remove(entry)
                self._by_kind.clear()

        return remove

    def notify(self, event: Event) -> None:
        listeners = self._by_kind.get(type(event))
        for listener in self._find(type(event)) if listeners is None else listeners:
            listener(event)

    def clear(self) -> None:
        self._entries.clear()
        self._by_kind.clear()

    def _find(self, kind: type[Event]) -> tuple[Listener, ...]:
        found = tuple(listener for listener, kinds in self._entries if kinds is None or kind in kinds)
        self._by_kind[kind] = found
        return found
