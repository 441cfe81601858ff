"""Moving the clock visits every deadline at its own moment, and delivers what follows before it goes on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from ovs_support.engine import KEY, Blank, create, only

from ovs_mock.engine.commands import FrameArrived, RenewLease
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event, ResultReady, StateChanged, StreamCreated, StreamEnded
from ovs_mock.engine.inference import Answer, Inference
from ovs_mock.engine.instants import SECOND, micros
from ovs_mock.engine.sampling import FrameSampling
from ovs_mock.engine.settings import Settings
from ovs_mock.runtime.clock import Clock, ClockError, FrozenClock, RealClock, RunningClock
from ovs_mock.runtime.runtime import Runtime


class EchoModel:
    """Answers with the prompt after a turn of the loop."""

    def __init__(self) -> None:
        self.asked: list[Inference] = []

    def answer_now(self, inference: Inference) -> Answer | None:
        return None

    async def answer(self, inference: Inference) -> Answer:
        self.asked.append(inference)
        await asyncio.sleep(0)
        if inference.prompt == "fail":
            raise ValueError("the script is wrong")
        return Answer(text=inference.prompt)


def runtime_with(clock: Clock) -> Runtime:
    return Runtime(Engine(Settings(seed=1)), clock, EchoModel())


@pytest.fixture
async def runtime() -> AsyncIterator[Runtime]:
    runtime = runtime_with(FrozenClock(start=0))
    yield runtime
    await runtime.close()


def stream(runtime: Runtime, prompt: str = "hello", interval: float = 0.5, lease: float = 45) -> str:
    command = create(prompt=prompt, sampling=FrameSampling(micros(interval)), lease=micros(lease))
    return runtime.ask(command, StreamCreated).stream_id


async def test_an_advance_returns_what_it_fired_each_at_its_own_moment(runtime: Runtime) -> None:
    stream(runtime)
    events = await runtime.advance(micros(100))
    assert [(type(e), e.at) for e in events] == [(StreamEnded, micros(45))]
    assert runtime.clock.now() == micros(100)


async def test_the_model_answers_on_the_way_and_its_results_come_in_order(runtime: Runtime) -> None:
    stream_id = stream(runtime)
    runtime.do(FrameArrived(stream_id, 0, Blank()))
    results = only(await runtime.advance(micros(2)), ResultReady)
    assert [e.at for e in results] == [micros(t) for t in (0, 0.5, 1, 1.5, 2)]
    assert {e.result.answer.text for e in results} == {"hello"}


async def test_what_listeners_deliver_is_done_before_the_clock_goes_on(runtime: Runtime) -> None:
    stream(runtime)
    delivered: list[int] = []

    async def slowly() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        delivered.append(runtime.clock.now())

    def listener(event: Event) -> None:
        runtime.deliver(slowly())

    runtime.subscribe(listener)
    await runtime.advance(micros(100))
    assert delivered == [micros(45)]


async def test_a_command_during_an_advance_happens_at_the_moment_that_is_visited(runtime: Runtime) -> None:
    first, second = stream(runtime), stream(runtime, lease=80)
    seen: list[Event] = []

    def renew_second(event: Event) -> None:
        seen.append(event)
        if isinstance(event, StreamEnded) and event.stream_id == first:
            runtime.do(RenewLease(KEY, second))

    runtime.subscribe(renew_second)
    ended = only(await runtime.advance(micros(200)), StreamEnded)
    assert [(e.stream_id, e.at) for e in ended] == [(first, micros(45)), (second, micros(125))]


async def test_the_next_deadline_can_be_visited_by_itself(runtime: Runtime) -> None:
    stream(runtime)
    assert [e.at for e in await runtime.advance_to_next()] == [micros(45)]
    await runtime.advance_to_next()
    assert await runtime.advance_to_next() == []


@pytest.mark.parametrize("clock", [FrozenClock(), RunningClock()])
async def test_a_jump_does_not_make_a_live_publisher_look_dead(clock: Clock) -> None:
    runtime = runtime_with(clock)
    live, pushed = stream(runtime, lease=1_000), stream(runtime, lease=1_000)
    runtime.receive_live_frame(live, clock.now(), Blank())
    runtime.do(FrameArrived(pushed, clock.now(), Blank()))
    changes = only(await runtime.advance(60 * SECOND), StateChanged)
    assert [e.stream_id for e in changes] == [pushed]
    await runtime.close()


async def test_the_next_deadline_is_not_the_silence_of_a_live_publisher(runtime: Runtime) -> None:
    stream_id = stream(runtime, interval=30, lease=40)
    runtime.receive_live_frame(stream_id, 0, Blank())
    assert {e.at for e in await runtime.advance_to_next()} == {0, micros(30)}


async def test_a_script_that_fails_is_a_failed_result_and_is_remembered(runtime: Runtime) -> None:
    stream_id = stream(runtime, prompt="fail")
    runtime.do(FrameArrived(stream_id, 0, Blank()))
    (result,) = only(await runtime.advance(0), ResultReady)
    assert result.result.answer.error == "ValueError: the script is wrong"
    assert [str(e) for e in runtime.failures] == ["the script is wrong"]


async def test_a_running_clock_fires_deadlines_by_itself() -> None:
    runtime = runtime_with(RunningClock())
    ended = asyncio.Event()
    runtime.subscribe(lambda event: ended.set() if isinstance(event, StreamEnded) else None)
    stream(runtime, lease=0.05)
    async with asyncio.timeout(5):
        await ended.wait()
    await runtime.close()


async def test_after_a_move_a_running_clock_goes_on_firing() -> None:
    runtime = runtime_with(RunningClock())
    ended = asyncio.Event()
    runtime.subscribe(lambda event: ended.set() if isinstance(event, StreamEnded) else None)
    stream(runtime, lease=100.05)
    assert await runtime.advance(micros(100)) == []
    async with asyncio.timeout(5):
        await ended.wait()
    await runtime.close()


async def test_the_real_clock_is_not_moved_and_time_does_not_go_back(runtime: Runtime) -> None:
    with pytest.raises(ClockError, match="cannot be moved"):
        await runtime_with(RealClock()).advance(1)
    with pytest.raises(ClockError, match="only moves forward"):
        await runtime.advance(-1)


async def test_waiting_for_a_condition_ends_when_it_holds(runtime: Runtime) -> None:
    stream_id = stream(runtime)
    frames = runtime.current_state().streams[stream_id].frames
    waiting = asyncio.create_task(runtime.wait_until(lambda: frames.received == 2))
    for _ in range(2):
        await asyncio.sleep(0)
        assert not waiting.done()
        runtime.do(FrameArrived(stream_id, 0, Blank()))
    async with asyncio.timeout(5):
        await waiting
