"""Engines whose rules deviate in one point."""

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
Make = Callable[[Settings], Engine]
Go = Callable[[Any], list[Event]]


@dataclass(frozen=True, slots=True)
class EngineStep:
    """A command, or the id of a deadline, that is about to be carried out."""

    world: EngineState
    now: int
    go: Go
    """Carries it out, or another one."""


class MutantEngine(Engine):
    """Commands and deadlines of one kind are carried out another way, or events of one kind become others."""

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
            go: Go = lambda other: list(super(MutantEngine, self)._handle(other, now))  # noqa: E731
            yield from self._told(self._command[1](command, EngineStep(self.state, now, go)))
        else:
            yield from self._told(super()._handle(command, now))

    def _expire(self, key: DeadlineKey, at: int) -> Iterator[Event]:
        if self._deadline and key[0] is self._deadline[0]:
            go: Go = lambda id_: list(super(MutantEngine, self)._expire((key[0], id_), at))  # noqa: E731
            yield from self._told(self._deadline[1](key[1], EngineStep(self.state, at, go)))
        else:
            yield from self._told(super()._expire(key, at))

    def _told(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            if self._event and isinstance(event, self._event[0]):
                yield from self._event[1](event, self.state)
            else:
                yield event


def commanded(kind: type[C], how: Callable[[C, EngineStep], Iterable[Event]]) -> Make:
    """Carries out commands of that kind another way."""
    return lambda settings: MutantEngine(settings, command=(kind, how))


def asking(kind: type[C], change: Callable[[C, EngineState], C]) -> Make:
    """Carries out another command of that kind than what was asked for."""
    return commanded(kind, lambda command, moment: moment.go(change(command, moment.world)))


def due(deadline: Deadline, how: Callable[[str, EngineStep], Iterable[Event]]) -> Make:
    """Lets what is due later happen another way, or not at all."""
    return lambda settings: MutantEngine(settings, deadline=(deadline, how))


def telling(kind: type[E], change: Callable[[E, EngineState], Iterable[Event]]) -> Make:
    """Says that something else has happened."""
    return lambda settings: MutantEngine(settings, event=(kind, change))


def arranged(arrange: Callable[[Engine], None]) -> Make:
    """An engine with one part of its state exchanged from the start."""

    def make(settings: Settings) -> Engine:
        engine = Engine(settings)
        arrange(engine)
        return engine

    return make
