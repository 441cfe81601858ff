"""The time to push a frame into a stream, without WebRTC."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

from benchmarks import sessions
from benchmarks.advance import time_least_work
from benchmarks.measured import Group, Row, in_turns

ROUNDS, FPS, WIDTH, HEIGHT = 5, 30, 640, 480
DRAWN, PICTURES = 3_000, 400
SMALL_WIDTH, SMALL_HEIGHT = 160, 120
# Pictures that differ, over and over.
DIFFERENT = 8


def measure() -> Iterator[Row]:
    sessions.require_video()
    small, large = _noise(SMALL_WIDTH, SMALL_HEIGHT), _noise(WIDTH, HEIGHT)
    with _pushing(DRAWN) as push:
        times, least = in_turns(ROUNDS, push, lambda: time_least_work(DRAWN, DRAWN) / DRAWN * 1_000)
    yield _row("pushed.drawn", "drawn", times, f"heap, {DRAWN:,} deadlines", least)
    for key, what, frames, stamp in (
        ("", f"arrays of {SMALL_WIDTH}x{SMALL_HEIGHT}", small, False),
        ("pushed.arrays", f"arrays of {WIDTH}x{HEIGHT}", large, False),
        ("", f"arrays of {WIDTH}x{HEIGHT}, stamped", large, True),
    ):
        with _pushing(frames, stamp=stamp) as push:
            times, copies = in_turns(ROUNDS, push, partial(_copy, frames))
        yield _row(key, what, times, "copying them", copies)


def _row(key: str, what: str, times: list[float], peer: str, peer_times: list[float]) -> Row:
    return Row(key=key, what=what, unit="µs a frame", samples=times, peer=peer, peer_samples=peer_times, paired=True)


def _noise(width: int, height: int) -> list[Any]:
    from ovs_mock.video.patterns import noise

    different = [noise(number, width, height) for number in range(DIFFERENT)]
    return [different[number % DIFFERENT] for number in range(PICTURES)]


@contextmanager
def _pushing(frames: Any, *, stamp: bool = False) -> Iterator[Callable[[], float]]:
    """A function that pushes the frames into a stream of a new mock, and returns the microseconds for each of them."""
    from ovs_mock import BackgroundMock, Settings

    numbers = count()

    def push() -> float:
        number = next(numbers)
        ovs = server.open_tenant(Settings(seed=number, name=str(number), ttl_seconds=600), "frozen")
        stream = ovs.stream(sessions.call(f"{ovs.v1}/streams", "POST", key=ovs.api_key)["id"])
        begun = time.perf_counter()
        stream.push_frames(frames, fps=FPS, stamp=stamp)
        took = time.perf_counter() - begun
        server.close_tenant(ovs)
        return took / (frames if isinstance(frames, int) else len(frames)) * 1_000_000

    with BackgroundMock() as server:
        # The first push imports what is needed.
        push()
        yield push


def _copy(frames: list[Any]) -> float:
    """Microseconds for numpy to copy each of the frames into a list."""
    begun = time.perf_counter()
    copies = [frame.copy() for frame in frames]
    return (time.perf_counter() - begun) / len(copies) * 1_000_000


GROUP = Group(
    title="Frames that are pushed",
    how=(
        f"`push_frames` of {DRAWN:,} drawn frames, and of {PICTURES} arrays full of noise, into a new stream of a mock "
        "with a frozen clock, in the same process; each array is checked and copied. Beside it, numpy copies the same "
        "arrays into a list; drawn frames hold no pixels, so there a bare heap pushes and pops as many deadlines. "
        "Nothing looks at the pictures: a model that did would draw or read them."
    ),
    measure=measure,
)
