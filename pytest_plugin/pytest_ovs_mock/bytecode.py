"""Loads the mock from the bytecode that was compiled when it was installed.

pytest rewrites the asserts of all packages that come in one distribution with a plugin. In a fresh environment, as CI
creates one for every run, that would take longer than all other imports of the first test.
"""

import atexit
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder

import pytest

PREFIX = "ovs_mock."


class _CompiledFinder:
    """Comes before pytest's own finder, for the modules of the mock only."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        return PathFinder.find_spec(name, path) if name.startswith(PREFIX) else None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    finder = _CompiledFinder()
    sys.meta_path.insert(0, finder)
    early_config.add_cleanup(lambda: sys.meta_path.remove(finder))


@contextmanager
def without_gc() -> Iterator[None]:
    """Import many modules without garbage collections, and freeze what is alive at the interpreter's exit.

    pytest collects garbage when it ends, which finds everything that matters. The collection of the interpreter's own
    exit only visits what was alive until then, and takes longer than the tests of a small suite.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
    atexit.register(gc.freeze)
