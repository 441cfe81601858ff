"""Interrupted runs: tests that were running are not checked for what they had not done yet."""

import pytest

_INTERRUPTED = pytest.StashKey[bool]()


class InterruptWatcher:
    """Notices Ctrl-C and ``pytest.exit()``, before fixtures are torn down."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_keyboard_interrupt(self) -> None:
        self._config.stash[_INTERRUPTED] = True


def was_interrupted(config: pytest.Config) -> bool:
    """Whether the run was interrupted. A failure at teardown would then end pytest itself with a traceback."""
    return config.stash.get(_INTERRUPTED, False)
