"""What is to be done at an instant is done at that instant, and not when it was left."""

from collections.abc import AsyncIterator

import pytest

from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import AlarmFired
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.settings import Settings
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.alarms import Alarms
from ovs_mock.runtime.clock import FrozenClock
from ovs_mock.runtime.runtime import Runtime


@pytest.fixture
async def runtime() -> AsyncIterator[Runtime]:
    runtime = Runtime(Engine(Settings(seed=1)), FrozenClock(start=0), ScriptedModel())
    yield runtime
    await runtime.close()


async def test_each_at_its_own_instant(runtime: Runtime) -> None:
    alarms, seen = Alarms(runtime, "test"), list[int]()
    for second in (3, 1, 2):
        alarms.set(second * SECOND, lambda: seen.append(runtime.clock.now() // SECOND))
    events = await runtime.advance(10 * SECOND)
    assert seen == [1, 2, 3]
    assert [event.at // SECOND for event in events if isinstance(event, AlarmFired)] == [1, 2, 3]


async def test_one_that_is_left_does_not_ring(runtime: Runtime) -> None:
    alarms, seen = Alarms(runtime, "test"), list[str]()
    leave = alarms.set(SECOND, lambda: seen.append("first"))
    alarms.set(SECOND, lambda: seen.append("second"))
    leave()
    leave()
    await runtime.advance(SECOND)
    assert seen == ["second"]


async def test_what_is_past_is_done_soon(runtime: Runtime) -> None:
    seen = list[str]()
    await runtime.advance(5 * SECOND)
    Alarms(runtime, "test").set(SECOND, lambda: seen.append("late"))
    await runtime.settle()
    assert seen == ["late"]


async def test_users_do_not_meet(runtime: Runtime) -> None:
    seen = list[str]()
    for name in ("one", "other"):
        Alarms(runtime, name).set(SECOND, lambda name=name: seen.append(name))  # type: ignore[misc]
    await runtime.advance(SECOND)
    assert seen == ["one", "other"]
