"""How many frames a second a test can push into a stream, without WebRTC."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from benchmarks import sessions
from benchmarks.measured import Group, Row, counted

if TYPE_CHECKING:
    from ovs_mock import Ovs

ROUNDS, FPS, WIDTH, HEIGHT = 5, 30, 640, 480
DRAWN, PICTURES = 3_000, 400
SMALL_WIDTH, SMALL_HEIGHT = 160, 120
# Pictures that differ, over and over.
DIFFERENT = 8


def measure() -> Iterator[Row]:
    sessions.require_video()
    small, large = _noise(SMALL_WIDTH, SMALL_HEIGHT), _noise(WIDTH, HEIGHT)
    yield Row(key="pushed.drawn", what="drawn", unit="a second", samples=_rates(DRAWN, DRAWN))
    yield Row(
        key="",
        what=f"arrays of {SMALL_WIDTH}x{SMALL_HEIGHT}",
        unit="a second",
        samples=_rates(small, len(small)),
    )
    yield Row(
        key="pushed.arrays",
        what=f"arrays of {WIDTH}x{HEIGHT}",
        unit="a second",
        samples=_rates(large, len(large)),
        peer="copying them",
        peer_samples=[_copying(large) for _ in counted(range(ROUNDS))],
    )
    yield Row(
        key="",
        what=f"arrays of {WIDTH}x{HEIGHT}, stamped",
        unit="a second",
        samples=_rates(large, len(large), stamp=True),
    )


def _noise(width: int, height: int) -> list[Any]:
    from ovs_mock.video.patterns import noise

    different = [noise(number, width, height) for number in range(DIFFERENT)]
    return [different[number % DIFFERENT] for number in range(PICTURES)]


def _rates(frames: Any, count: int, *, stamp: bool = False) -> list[float]:
    """Frames a second, each round on a mock of its own."""
    from ovs_mock import BackgroundMock, Settings

    with BackgroundMock() as server:
        rates = []
        for number in counted(range(ROUNDS + 1)):
            ovs = server.open_tenant(Settings(seed=number, name=str(number), ttl_seconds=600), "frozen")
            rates.append(count / _pushing(ovs, frames, stamp=stamp))
            server.close_tenant(ovs)
    # The first imports what is needed.
    return rates[1:]


def _pushing(ovs: "Ovs", frames: Any, *, stamp: bool) -> float:
    stream = ovs.stream(sessions.call(f"{ovs.v1}/streams", "POST", key=ovs.api_key)["id"])
    begun = time.perf_counter()
    stream.push_frames(frames, fps=FPS, stamp=stamp)
    return time.perf_counter() - begun


def _copying(frames: list[Any]) -> float:
    begun = time.perf_counter()
    copies = [frame.copy() for frame in frames]
    return len(copies) / (time.perf_counter() - begun)


GROUP = Group(
    title="Frames that are pushed",
    how=(
        f"`push_frames` of {DRAWN:,} drawn frames, and of {PICTURES} arrays full of noise, into a new stream of a mock "
        "with a frozen clock, in the same process; each array is checked and copied. Beside it, numpy copies the same "
        "arrays into a list. Nothing looks at the pictures: a model that did would draw or read them."
    ),
    measure=measure,
)
