"""From the start of a process to its first answer."""

import time
from collections.abc import Callable, Iterator
from urllib.request import urlopen

from benchmarks import children
from benchmarks.measured import Group, Row, in_turns

ROUNDS = 7


def measure() -> Iterator[Row]:
    """The mock beside the least that an aiohttp server can be."""
    mock, bare = in_turns(
        ROUNDS, _first_answer(children.SERVE, "v02"), _first_answer(children.server("bare"), "url", "/v0.2")
    )
    yield Row(
        key="serve.start",
        what="ovs-mock serve, to the first answer",
        unit="ms",
        samples=mock,
        peer="bare aiohttp server",
        peer_samples=bare,
        paired=True,
    )


def _first_answer(command: tuple[str, ...], fact: str, prefix: str = "") -> Callable[[], float]:
    def start() -> float:
        begun = time.perf_counter()
        with children.running(command) as child:
            with urlopen(child.facts[fact] + prefix + "/healthz") as response:  # noqa: S310 - our own server
                assert response.status == 200
            return (time.perf_counter() - begun) * 1_000

    return start


GROUP = Group(
    title="Process start",
    how=(
        "A new process of `ovs-mock serve --port 0 --json` with every extra installed, from its start until "
        "`GET /v0.2/healthz` is answered; a bare aiohttp server is started and asked in the same way."
    ),
    measure=measure,
)
