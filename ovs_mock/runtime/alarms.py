"""Calls functions at instants of the clock. Alarms are deadlines of the engine, so a move of the clock visits each."""

from collections.abc import Callable

from ovs_mock.engine.commands import SetAlarm
from ovs_mock.engine.events import AlarmFired, Event
from ovs_mock.runtime.runtime import Runtime

Callback = Callable[[], None]


class Alarms:
    """The alarms of one user of the runtime; ``name`` prefixes their ids."""

    def __init__(self, runtime: Runtime, name: str) -> None:
        self._runtime = runtime
        self._name = name
        self._actions: dict[str, Callback] = {}
        self._count = 0
        runtime.subscribe(self._on_event, (AlarmFired,))

    def set(self, instant: int, action: Callback) -> Callback:
        """Call ``action`` at this instant, or soon if it is past; call the returned function to cancel."""
        self._count += 1
        alarm_id = f"{self._name}-{self._count}"
        self._actions[alarm_id] = action
        self._runtime.do(SetAlarm(alarm_id, instant))

        def cancel() -> None:
            if self._actions.pop(alarm_id, None):
                self._runtime.do(SetAlarm(alarm_id, None))

        return cancel

    def _on_event(self, event: Event) -> None:
        if isinstance(event, AlarmFired) and (act := self._actions.pop(event.alarm_id, None)):
            # Not at once: other listeners would get the events that follow before this one.
            self._runtime.deliver(_run(act))


async def _run(action: Callback) -> None:
    action()
