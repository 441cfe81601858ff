"""A loop on its own thread takes work from others, and never waits for itself."""

import asyncio
from collections.abc import Iterator

import pytest

from ovs_mock.util.loop_thread import LoopThread


@pytest.fixture
def thread() -> Iterator[LoopThread]:
    thread = LoopThread("helper")
    thread.start()
    yield thread
    thread.stop()


def test_it_runs_coroutines_and_short_functions_over_there(thread: LoopThread) -> None:
    async def here() -> bool:
        return thread.is_current

    assert thread.run(here())
    assert thread.call(lambda: thread.is_current)
    assert not thread.is_current


def test_errors_come_back(thread: LoopThread) -> None:
    def fail() -> None:
        raise KeyError("no")

    with pytest.raises(KeyError, match="no"):
        thread.call(fail)


def test_it_says_so_instead_of_waiting_for_itself(thread: LoopThread) -> None:
    with pytest.raises(RuntimeError, match="would wait for itself"):
        thread.call(lambda: thread.run(asyncio.Event().wait()))


def test_stopping_twice_and_never_starting_are_no_harm(thread: LoopThread) -> None:
    thread.stop()
    thread.stop()
    LoopThread("other").stop()
