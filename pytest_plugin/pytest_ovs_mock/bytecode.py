"""The mock is imported as Python compiled it when it was installed.

pytest rewrites the asserts of everything that comes in one distribution with a plugin. In a fresh environment, as CI
makes one for every run, that would cost the first test that uses a fixture more than all else that it imports.
"""

import atexit
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder

import pytest

OURS = ("ovs_mock.", "ovs_common")


class _CompiledFinder:
    """Goes before pytest's own finder, for our modules only."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        return PathFinder.find_spec(name, path) if name.startswith(OURS) else None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    finder = _CompiledFinder()
    sys.meta_path.insert(0, finder)
    early_config.add_cleanup(lambda: sys.meta_path.remove(finder))


@contextmanager
def without_gc() -> Iterator[None]:
    """While much is imported, the garbage collector does not look through it again and again, nor at the very end.

    pytest collects garbage when it ends, so that nothing is overlooked; what the interpreter collects at its own end
    is only what has been alive until then, which costs more than all of a small suite's tests.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
    atexit.register(gc.freeze)
