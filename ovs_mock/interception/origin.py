"""Where in the user's code a call came from."""

import asyncio
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from types import FrameType
from typing import Any

_PACKAGES = Path(__file__).parents[1]
_FOREIGN = (str(Path(asyncio.__file__).parents[1]), str(_PACKAGES), str(_PACKAGES.parent / "pytest_plugin"), "<")
_INSTALLED = re.compile(r"[/\\](site|dist)-packages[/\\]")
_LOOPS = {asyncio.Handle._run.__code__, asyncio.Runner.run.__code__}  # noqa: SLF001 - where a loop begins to call


def origin() -> str | None:
    """``app/vision.py:41 in ask``: the nearest line that is neither a library's nor ours.

    Event loops call from stacks that the user's code is not on, but for the call that runs the loop. Then one of
    their tasks that wait is meant.
    """
    stack = list(_outwards(sys._getframe(1)))  # noqa: SLF001 - there is no public way to a caller's frame
    if here := nearest(takewhile(lambda frame: frame.f_code not in _LOOPS, stack)):
        return here
    for waiting in (_asyncio_tasks, _trio_tasks):
        places = sorted({place for frames in waiting() if (place := nearest(reversed(frames)))})
        if places:
            return " or ".join(places[:3])
    return nearest(stack)


def nearest(frames: Iterable[FrameType]) -> str | None:
    """The first of the frames that is the user's own."""
    for frame in frames:
        path = frame.f_code.co_filename
        if not path.startswith(_FOREIGN) and not _INSTALLED.search(path):
            return f"{_short(path)}:{frame.f_lineno} in {frame.f_code.co_name}"
    return None


def await_chain(waiting: Any) -> list[FrameType]:
    """The frames of a suspended coroutine, and of what it waits for, outermost first."""
    frames = []
    while waiting is not None:
        kind = next((k for k in ("cr", "gi", "ag") if hasattr(waiting, f"{k}_frame")), None)
        if kind is None:
            break
        if frame := getattr(waiting, f"{kind}_frame"):
            frames.append(frame)
        waiting = getattr(waiting, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")
    return frames


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _asyncio_tasks() -> list[list[FrameType]]:
    try:
        return [await_chain(task.get_coro()) for task in asyncio.all_tasks()]
    except RuntimeError:
        return []


def _trio_tasks() -> list[list[FrameType]]:
    """From a worker thread of trio's, where trio resolves names."""
    trio = sys.modules.get("trio")
    if trio is None:
        return []
    try:
        return trio.from_thread.run_sync(_walk_trio)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - no thread of trio's, or a run that is over: nothing to say, then
        return []


def _walk_trio() -> list[list[FrameType]]:
    trio = sys.modules["trio"]
    tasks, chains = [trio.lowlevel.current_root_task()], []
    while tasks:
        task = tasks.pop()
        chains.append([frame for frame, _ in task.iter_await_frames()])
        tasks += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return chains


def _short(path: str) -> str:
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return path
