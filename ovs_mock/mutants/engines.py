"""Engines that deviate in one point."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from ovs_mock.engine.commands import Command
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import Deadline, DeadlineKey, EngineState

C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)
EngineFactory = Callable[[Settings], Engine]
Run = Callable[[Any], list[Event]]


@dataclass(frozen=True, slots=True)
class EngineStep:
    """The state and time at which a command or a deadline is handled."""

    state: EngineState
    now: int
    run: Run
    """Handles the command, or the deadline of the id, that it is given."""


class MutantEngine(Engine):
    """Handles commands or deadlines of one kind differently, or replaces events of one kind."""

    def __init__(
        self,
        settings: Settings,
        *,
        command: tuple[type[Any], Callable[[Any, EngineStep], Iterable[Event]]] | None = None,
        deadline: tuple[Deadline, Callable[[str, EngineStep], Iterable[Event]]] | None = None,
        event: tuple[type[Any], Callable[[Any, EngineState], Iterable[Event]]] | None = None,
    ) -> None:
        super().__init__(settings)
        self._command = command
        self._deadline = deadline
        self._event = event

    def _handle(self, command: Command, now: int) -> Iterator[Event]:
        if self._command and isinstance(command, self._command[0]):
            run: Run = lambda other: list(super(MutantEngine, self)._handle(other, now))  # noqa: E731
            yield from self._edited(self._command[1](command, EngineStep(self.state, now, run)))
        else:
            yield from self._edited(super()._handle(command, now))

    def _expire(self, key: DeadlineKey, at: int) -> Iterator[Event]:
        if self._deadline and key[0] is self._deadline[0]:
            run: Run = lambda id_: list(super(MutantEngine, self)._expire((key[0], id_), at))  # noqa: E731
            yield from self._edited(self._deadline[1](key[1], EngineStep(self.state, at, run)))
        else:
            yield from self._edited(super()._expire(key, at))

    def _edited(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            if self._event and isinstance(event, self._event[0]):
                yield from self._event[1](event, self.state)
            else:
                yield event


def on_command(kind: type[C], handle: Callable[[C, EngineStep], Iterable[Event]]) -> EngineFactory:
    """Handle commands of that class differently."""
    return lambda settings: MutantEngine(settings, command=(kind, handle))


def edit_command(kind: type[C], change: Callable[[C, EngineState], C]) -> EngineFactory:
    """Edit commands of that class before they are handled."""
    return on_command(kind, lambda command, step: step.run(change(command, step.state)))


def on_deadline(deadline: Deadline, handle: Callable[[str, EngineStep], Iterable[Event]]) -> EngineFactory:
    """Handle deadlines of that kind differently, or not at all."""
    return lambda settings: MutantEngine(settings, deadline=(deadline, handle))


def edit_event(kind: type[E], change: Callable[[E, EngineState], Iterable[Event]]) -> EngineFactory:
    """Replace events of that class."""
    return lambda settings: MutantEngine(settings, event=(kind, change))


def edit_engine(arrange: Callable[[Engine], None]) -> EngineFactory:
    """Replace a part of the engine when it is created."""

    def make(settings: Settings) -> Engine:
        engine = Engine(settings)
        arrange(engine)
        return engine

    return make
