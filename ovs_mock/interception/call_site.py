"""Which line of the user's code a call comes from."""

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


def call_site() -> str | None:
    """``app/vision.py:41 in ask``: the innermost line that belongs to neither a library nor ovs-mock.

    An event loop calls from a stack that the user's code is not on, except for the line that runs the loop. Then it is
    a line where one of the loop's suspended tasks waits.
    """
    stack = list(_outwards(sys._getframe(1)))  # noqa: SLF001 - there is no public way to a caller's frame
    if line := _innermost_user_line(takewhile(lambda frame: frame.f_code not in _LOOPS, stack)):
        return line
    for suspended in (_asyncio_tasks, _trio_tasks):
        lines = sorted({line for frames in suspended() if (line := _innermost_user_line(reversed(frames)))})
        if lines:
            return " or ".join(lines[:3])
    return _innermost_user_line(stack)


def _innermost_user_line(frames: Iterable[FrameType]) -> str | None:
    for frame in frames:
        path = frame.f_code.co_filename
        if not path.startswith(_FOREIGN) and not _INSTALLED.search(path):
            return f"{_short(path)}:{frame.f_lineno} in {frame.f_code.co_name}"
    return None


def _await_chain(suspended: Any) -> list[FrameType]:
    """The frames of a suspended coroutine and of what it awaits, outermost first."""
    frames = []
    while suspended is not None:
        kind = next((k for k in ("cr", "gi", "ag") if hasattr(suspended, f"{k}_frame")), None)
        if kind is None:
            break
        if frame := getattr(suspended, f"{kind}_frame"):
            frames.append(frame)
        suspended = getattr(suspended, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")
    return frames


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _asyncio_tasks() -> list[list[FrameType]]:
    try:
        return [_await_chain(task.get_coro()) for task in asyncio.all_tasks()]
    except RuntimeError:
        return []


def _trio_tasks() -> list[list[FrameType]]:
    """Called on a worker thread of trio, where trio resolves names."""
    trio = sys.modules.get("trio")
    if trio is None:
        return []
    try:
        return trio.from_thread.run_sync(_walk_trio)  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - not a thread of trio's, or its run is over: no tasks to show
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
