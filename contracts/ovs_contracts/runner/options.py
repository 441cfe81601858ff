"""What a run is told, as options of pytest.

An entry point of this package, so that ``pytest --pyargs ovs_contracts.suite --ovs-target=…`` knows them before it has
found the suite. pytest loads it in every project: it imports nothing else.
"""

from argparse import SUPPRESS
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices of one run."""

    target: str = "mock"
    seed: int = 1
    drift: str | None = None
    cases: int | None = None
    max_wait: float = 60.0
    max_streams: int = 1
    budget_cents: float | None = None
    ca_bundle: Path | None = None
    report: Path | None = None
    record: Path | None = None
    resume: bool = False
    by_command: bool = False
    """Given to ``ovs-contracts`` and not to pytest, where options have longer names."""

    @classmethod
    def of(cls, config: pytest.Config) -> "Options":
        """As they were given on pytest's command line."""
        given = {name: config.getoption(f"ovs_{name}", None) for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in given.items() if value is not None})

    def flag(self, name: str) -> str:
        """How the user spells an option."""
        return "--" + name.replace("_", "-") if self.by_command else _flag(name)

    def arguments(self) -> list[str]:
        """The same as arguments for pytest."""
        told = ((_flag(name), value) for name, value in vars(self).items() if value != getattr(Options, name))
        return [flag if value is True else f"{flag}={value}" for flag, value in told]


def pytest_addoption(parser: pytest.Parser) -> None:
    # The same group as of the plugin for users' own suites, which goes by these options too.
    shared = parser.getgroup("ovs-mock", "the mock of the Overshoot API, or the API itself")
    own = parser.getgroup("ovs-contracts", "the contract of the Overshoot API: pytest --pyargs ovs_contracts.suite")

    def option(group: pytest.OptionGroup, name: str, **more: Any) -> None:
        group.addoption(_flag(name), default=getattr(Options, name), **more)

    option(shared, "target", metavar="TARGET", help="what tests meet: mock (starts one; the default), live, or a URL")
    option(shared, "seed", type=int, metavar="N", help="seed of the mock, and of the contract's generated cases")
    option(
        shared,
        "budget_cents",
        type=float,
        metavar="CENTS",
        help="what a run may spend; needed for a target that charges money",
    )
    option(
        shared,
        "ca_bundle",
        type=Path,
        metavar="FILE",
        help="certificates to trust, for a target with its own authority",
    )
    option(own, "drift", metavar="NAME", help="let the mock deviate in this way")
    option(own, "cases", type=int, metavar="N", help="generated cases of each check that generates them")
    option(own, "max_wait", type=float, metavar="SECONDS", help="longest real wait of one check")
    option(own, "max_streams", type=int, metavar="N", help="streams at a time, where they cost money")
    option(own, "report", type=Path, metavar="DIR", help="write report.md, .html, .json and .xml there")
    option(own, "record", type=Path, metavar="DIR", help="write redacted transcripts there")
    option(own, "resume", action="store_true", help="go on with a run that was interrupted")
    option(own, "by_command", action="store_true", help=SUPPRESS)


def _flag(name: str) -> str:
    return "--ovs-" + name.replace("_", "-")
