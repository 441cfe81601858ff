"""The cost of moving the clock, beside a heap that only holds as many deadlines."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from statistics import median

from benchmarks.measured import Group, Row, in_turns
from ovs_mock import MockServer, Settings
from ovs_mock.api.v02 import decode
from ovs_mock.api.v02.version import V02
from ovs_mock.engine.commands import FrameArrived
from ovs_mock.engine.events import StreamCreated
from ovs_mock.engine.schedule import Schedule
from ovs_mock.engine.state import DeadlineKey
from ovs_mock.runtime.runtime import TURNS_TO_READ

ROUNDS, QUIET_ROUNDS = 5, 25
# Of the peer in each round.
ATTEMPTS = 5
HOUR = 3_600
BODY = {
    "processing": {"interval_seconds": 1.0},
    "inference": {"prompt": "What is there?", "model": "Qwen/Qwen3.5-9B"},
}


@dataclass(frozen=True)
class Picture:
    """A picture of which only the size is known: nothing is decoded here."""

    width: int = 640
    height: int = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    key: str
    what: str
    streams: int
    lease: int = 2 * HOUR
    idle_after: int = 5
    frames: bool = False


CASES = (
    Case(key="advance.quiet", what="1,000 streams, nothing due", streams=1_000),
    Case(key="advance.expire", what="1,000 streams whose lease expires", streams=1_000, lease=45),
    Case(key="advance.idle", what="1,000 streams that fall idle", streams=1_000, frames=True),
    Case(
        key="advance.inferences", what="10 streams, an inference a second", streams=10, frames=True, idle_after=2 * HOUR
    ),
)


class CountingSchedule(Schedule[DeadlineKey]):
    """Counts the deadlines that it hands out."""

    fired = 0

    def pop_due(self, now: int) -> tuple[int, DeadlineKey] | None:
        due = super().pop_due(now)
        self.fired += due is not None
        return due


def measure() -> Iterator[Row]:
    for case in CASES:
        deadlines = asyncio.run(_deadlines(case))
        # A move without deadlines is short, so it is measured more often.
        rounds = ROUNDS if deadlines else QUIET_ROUNDS
        moves, least = in_turns(rounds, partial(_run_hour, case), partial(time_least_work, deadlines, case.streams))
        yield Row(
            key=case.key,
            what=case.what,
            unit="ms",
            samples=moves,
            peer=f"heap, {deadlines:,} deadlines" if deadlines else f"{TURNS_TO_READ} turns of a bare loop",
            peer_samples=least,
            paired=True,
        )
        if deadlines:
            rate = deadlines / median(moves) * 1_000
            yield Row(key="", what=f"{case.what}: deadlines", unit="a second", samples=[rate])


async def _hour(case: Case) -> float:
    server = _prepared(case, MockServer(_settings(case), clock="frozen"))
    begun = time.perf_counter()
    await server.advance(HOUR)
    took = (time.perf_counter() - begun) * 1_000
    await server.stop()
    return took


async def _deadlines(case: Case) -> int:
    """The number of deadlines in the hour; counted in a run of its own, as counting takes time."""
    server = MockServer(_settings(case), clock="frozen")
    counting = server.runtime.engine.state.schedule = CountingSchedule()
    await _prepared(case, server).advance(HOUR)
    await server.stop()
    return counting.fired


def _settings(case: Case) -> Settings:
    return Settings(seed=1, concurrent_streams=case.streams, ttl_seconds=case.lease, idle_after_seconds=case.idle_after)


def _prepared(case: Case, server: MockServer) -> MockServer:
    """The server with its streams and without sockets."""
    command = decode.create_stream(server.api_key, BODY, V02.stream_rules(server.settings), V02.max_tokens_per_second)
    for _ in range(case.streams):
        stream_id = server.runtime.ask(command, StreamCreated).stream_id
        if case.frames:
            server.runtime.do(FrameArrived(stream_id, server.runtime.clock.now(), Picture()))
    return server


def _run_hour(case: Case) -> float:
    return asyncio.run(_hour(case))


def time_least_work(deadlines: int, at_a_time: int) -> float:
    """Milliseconds of the least that a clock could do: the median of some attempts, as each of them is short."""
    attempts = [_bare_heap(deadlines, at_a_time) if deadlines else asyncio.run(_bare_turns()) for _ in range(ATTEMPTS)]
    return median(attempts)


async def _bare_turns() -> float:
    begun = time.perf_counter()
    for _ in range(TURNS_TO_READ):
        await asyncio.sleep(0)
    return (time.perf_counter() - begun) * 1_000


def _bare_heap(deadlines: int, at_a_time: int) -> float:
    """Milliseconds to push and pop as many deadlines, of as many objects at a time, that mean nothing."""
    begun = time.perf_counter()
    heap: list[tuple[int, int]] = []
    for number in range(min(deadlines, at_a_time)):
        heappush(heap, (number, number))
    for number in range(deadlines - len(heap)):
        at, _ = heappop(heap)
        heappush(heap, (at + at_a_time, number))
    while heap:
        heappop(heap)
    return (time.perf_counter() - begun) * 1_000


GROUP = Group(
    title="An hour on a frozen clock",
    how=(
        "`advance(3600)` of a mock whose streams have a lease of two hours (45 s where it expires), with everything "
        "that follows delivered; where streams fall idle, each has had one frame and is asked about once a second "
        "until then. Beside it, the least that a clock with deadlines could do: push and pop as many on a bare heap, "
        "or where nothing is due, the turns of the loop in which clients' bytes are read."
    ),
    measure=measure,
)
