"""The options of a run, as pytest takes them.

This module is a pytest plugin by entry point, so that ``pytest --pyargs ovs_contracts.suite --ovs-target=…`` knows the
options before it finds the suite. pytest loads it in every project, so it imports nothing else.
"""

from argparse import SUPPRESS
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of one run."""

    target: str = "mock"
    """``mock`` starts one, ``live`` is production, everything else is a URL."""
    seed: int = 1
    """Seed of the mock and of generated cases."""
    mutant: str | None = None
    """The name of the deviation that the mock is started with."""
    cases: int | None = None
    """Generated cases of each check that generates them."""
    max_wait: float = 60.0
    """The longest real wait of one check, in seconds."""
    max_streams: int = 1
    """Streams at a time, where they cost money."""
    budget_cents: float | None = None
    """What the run may spend; required where the target charges."""
    ca_bundle: Path | None = None
    """Certificates to trust, for a target with a private authority."""
    report: Path | None = None
    """The folder for the report."""
    record: Path | None = None
    """The folder for transcripts."""
    resume: bool = False
    """Continue a run that was interrupted."""
    by_command: bool = False
    """Whether they were given to ``ovs-contracts``; pytest's options have longer names."""

    @classmethod
    def from_config(cls, config: pytest.Config) -> "Options":
        """The options of pytest's command line."""
        given = {name: config.getoption(f"ovs_{name}", None) for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in given.items() if value is not None})

    def flag(self, name: str) -> str:
        """How the user spells an option."""
        return "--" + name.replace("_", "-") if self.by_command else _flag(name)

    def arguments(self) -> list[str]:
        """The same options as arguments for pytest."""
        changed = ((_flag(name), value) for name, value in vars(self).items() if value != getattr(Options, name))
        return [flag if value is True else f"{flag}={value}" for flag, value in changed]


def pytest_addoption(parser: pytest.Parser) -> None:
    # The plugin for users' own suites reads the options of this group too.
    shared = parser.getgroup("ovs-mock", "the mock of the Overshoot API, or the API itself")
    own = parser.getgroup("ovs-contracts", "the contract of the Overshoot API: pytest --pyargs ovs_contracts.suite")

    def option(group: pytest.OptionGroup, name: str, **more: Any) -> None:
        group.addoption(_flag(name), default=getattr(Options, name), **more)

    option(
        shared, "target", metavar="TARGET", help="the server under test: mock (starts one; the default), live, or a URL"
    )
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
    option(own, "mutant", metavar="NAME", help="start the mock with this deviation from the API")
    option(own, "cases", type=int, metavar="N", help="generated cases of each check that generates them")
    option(own, "max_wait", type=float, metavar="SECONDS", help="longest real wait of one check")
    option(own, "max_streams", type=int, metavar="N", help="streams at a time, where they cost money")
    option(own, "report", type=Path, metavar="DIR", help="write report.md, .html, .json and .xml there")
    option(own, "record", type=Path, metavar="DIR", help="write redacted transcripts there")
    option(own, "resume", action="store_true", help="go on with a run that was interrupted")
    option(own, "by_command", action="store_true", help=SUPPRESS)


def _flag(name: str) -> str:
    return "--ovs-" + name.replace("_", "-")
