"""Things to do at an instant of the clock, as deadlines of the engine: a move of the clock visits each at its own."""

from collections.abc import Callable

from ovs_mock.engine.commands import SetAlarm
from ovs_mock.engine.events import AlarmFired, Event
from ovs_mock.runtime.runtime import Runtime

Act = Callable[[], None]


class Alarms:
    """``name`` keeps the alarms of one user of the runtime apart from those of others."""

    def __init__(self, runtime: Runtime, name: str) -> None:
        self._runtime = runtime
        self._name = name
        self._acts: dict[str, Act] = {}
        self._count = 0
        runtime.subscribe(self._on_event)

    def set(self, instant: int, act: Act) -> Act:
        """Do ``act`` then, or soon when that is past; call what is returned to leave it."""
        self._count += 1
        alarm_id = f"{self._name}-{self._count}"
        self._acts[alarm_id] = act
        self._runtime.do(SetAlarm(alarm_id, instant))

        def cancel() -> None:
            if self._acts.pop(alarm_id, None):
                self._runtime.do(SetAlarm(alarm_id, None))

        return cancel

    def _on_event(self, event: Event) -> None:
        if isinstance(event, AlarmFired) and (act := self._acts.pop(event.alarm_id, None)):
            # Not at once: listeners would hear of what follows before they hear of what it followed.
            self._runtime.deliver(_done(act))


async def _done(act: Act) -> None:
    act()
