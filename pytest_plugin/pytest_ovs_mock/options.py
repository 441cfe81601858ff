"""What a user chooses: on the command line, in the configuration, or with a marker for one test."""

from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ovs_mock import Settings

CLOCKS = ("running", "frozen")
LEAKS = ("warn", "fail", "ignore")
TARGETS = ("any", "mock", "live")
MARKER = "ovs(**choices): choices of this test's mock: a Settings field, or clock, models, strict, leaks, target"
BUDGET = "ovs_budget(cents): fail when the test would cost more than this"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ovs-mock", "the mock of the Overshoot API, or the API itself")
    group.addoption(
        "--ovs-clock", choices=CLOCKS, help="clock of the tests' mocks; default: ini ovs_clock, else running"
    )
    group.addoption(
        "--ovs-leaks",
        choices=LEAKS,
        help="what becomes of a test that leaves a stream open and the like; default: ini ovs_leaks, else warn",
    )
    parser.addini("ovs_clock", "clock of the tests' mocks: running or frozen", default="running")
    parser.addini("ovs_leaks", "leaks of a test: warn, fail or ignore", default="warn")
    parser.addini("ovs_strict", "fail a test whose scripted replies were not all given", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    config.addinivalue_line("markers", BUDGET)


@dataclass(frozen=True, kw_only=True)
class TestOptions:
    """How one test wants its mock."""

    clock: str
    leaks: str
    strict: bool
    target: str
    needs_frozen_clock: bool
    """By its marker. A clock that is a whole project's habit is none of the test's needs."""
    models: dict[str, str]
    settings: dict[str, Any]

    def apply_to(self, settings: "Settings") -> "Settings":
        """Settings with the marker's changes; those are checked as all settings are."""
        return replace(settings, **self.settings) if self.settings else settings


def test_options(node: pytest.Item, clock: str) -> TestOptions:
    """The choices of a test: the closest marker goes before others, and those before options."""
    given: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("ovs"))):
        if marker.args:
            _usage_error(node, f"takes names only, as in ovs(ttl_seconds=10), and got {marker.args!r}")
        given.update(marker.kwargs)
    config = node.config
    chosen = TestOptions(
        needs_frozen_clock=given.get("clock") == "frozen",
        clock=_one_of(node, "clock", given.pop("clock", clock), CLOCKS),
        leaks=_one_of(node, "leaks", given.pop("leaks", _option(config, "ovs_leaks")), LEAKS),
        strict=bool(given.pop("strict", config.getini("ovs_strict"))),
        target=_one_of(node, "target", given.pop("target", "any"), TARGETS),
        models=dict(given.pop("models", {})),
        settings=given,
    )
    _check_option_names(node, given)
    return chosen


def default_clock(config: pytest.Config) -> str:
    """The clock of tests that choose none."""
    return _option(config, "ovs_clock")


def budget(node: pytest.Item) -> float | None:
    """Cents that a test may cost; ``None`` for any."""
    marker = node.get_closest_marker("ovs_budget")
    if marker is None:
        return None
    cents = marker.kwargs.get("cents", marker.args[0] if marker.args else None)
    if not isinstance(cents, int | float) or isinstance(cents, bool) or cents < 0:
        _usage_error(node, f"expected cents=<a number, zero or more>, and got {cents!r}", "ovs_budget")
    return float(cents)


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(name) or config.getini(name))


def _one_of(node: pytest.Item, name: str, value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        _usage_error(node, f"{name}={value!r}: expected {' or '.join(map(repr, known))}")
    return str(value)


def _check_option_names(node: pytest.Item, given: dict[str, Any]) -> None:
    from ovs_mock import Settings

    known = {field.name for field in fields(Settings)} | {"clock", "leaks", "strict", "models", "target"}
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the choices are {', '.join(sorted(known))}"
            _usage_error(node, f"there is no choice {name!r}; {hint}")


def _usage_error(node: pytest.Item, why: str, marker: str = "ovs") -> None:
    raise pytest.UsageError(f"{node.nodeid}: @pytest.mark.{marker}: {why}")
