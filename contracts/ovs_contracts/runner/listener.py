"""Who is told how a run gets on."""

from typing import Protocol

import pytest

from ovs_contracts.report.model import CheckResult
from ovs_contracts.runner.run import Run


class ProgressListener(Protocol):
    """Told in this order; between ``begins`` and ``ends`` once for each check."""

    def begins(self, run: Run, total: int) -> None:
        """The run is open and will make so many checks."""
        ...

    def makes(self, claim: str) -> None:
        """A check begins."""
        ...

    def tries_again(self, claim: str, because: str) -> None:
        """A check begins once more."""
        ...

    def made(self, check: CheckResult) -> None:
        """A check is done."""
        ...


class NullListener:
    """Tells nobody."""

    def begins(self, run: Run, total: int) -> None: ...

    def makes(self, claim: str) -> None: ...

    def tries_again(self, claim: str, because: str) -> None: ...

    def made(self, check: CheckResult) -> None: ...


LISTENER = pytest.StashKey[ProgressListener]()
RUN = pytest.StashKey[Run]()


def run_of(config: pytest.Config) -> Run:
    """The run that the checks of this pytest session belong to."""
    return config.stash[RUN]
