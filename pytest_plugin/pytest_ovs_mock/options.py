"""Options of a run and of a test: from the command line, the configuration, or a marker."""

from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from ovs_mock import Settings

CLOCKS = ("running", "frozen")
LEAKS = ("warn", "fail", "ignore")
TARGETS = ("any", "mock", "live")
MARKER = "ovs(**options): options of this test's mock: any field of Settings, or clock, models, strict, leaks, target"
BUDGET = "ovs_budget(cents): fail the test when it would cost more than this in production"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ovs-mock", "tests against the mock of the Overshoot API, or against the API itself")
    group.addoption(
        "--ovs-clock",
        choices=CLOCKS,
        help="clock of the tests' mocks: running, with the machine's, or frozen, until a test moves it; "
        "default: ini ovs_clock, else running",
    )
    group.addoption(
        "--ovs-leaks",
        choices=LEAKS,
        help="whether a test that leaves a stream, socket or publisher open gets a warning or fails; "
        "default: ini ovs_leaks, else warn",
    )
    parser.addini("ovs_clock", "clock of the tests' mocks: running or frozen", default="running")
    parser.addini("ovs_leaks", "leaks of a test: warn, fail or ignore", default="warn")
    parser.addini("ovs_strict", "fail a test whose scripted replies were not all used", type="bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    config.addinivalue_line("markers", BUDGET)


@dataclass(frozen=True, kw_only=True)
class TestOptions:
    """Options of one test."""

    clock: str
    leaks: str
    strict: bool
    target: str
    needs_frozen_clock: bool
    """Whether its marker asks for one; a default for all tests does not count."""
    models: dict[str, str]
    settings: dict[str, Any]

    def apply_to(self, settings: "Settings") -> "Settings":
        """The settings with the marker's changes, which are validated like all settings."""
        return replace(settings, **self.settings) if self.settings else settings


def test_options(node: pytest.Item, clock: str) -> TestOptions:
    """The options of a test: the closest marker wins, then other markers, then the run's options."""
    given: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("ovs"))):
        if marker.args:
            _usage_error(node, f"expected keywords only, as in ovs(ttl_seconds=10), and got {marker.args!r}")
        given.update(marker.kwargs)
    config = node.config
    options = TestOptions(
        needs_frozen_clock=given.get("clock") == "frozen",
        clock=_one_of(node, "clock", given.pop("clock", clock), CLOCKS),
        leaks=_one_of(node, "leaks", given.pop("leaks", _option(config, "ovs_leaks")), LEAKS),
        strict=bool(given.pop("strict", config.getini("ovs_strict"))),
        target=_one_of(node, "target", given.pop("target", "any"), TARGETS),
        models=dict(given.pop("models", {})),
        settings=given,
    )
    _check_option_names(node, given)
    return options


def default_clock(config: pytest.Config) -> str:
    """The clock of tests that name none."""
    return _option(config, "ovs_clock")


def budget(node: pytest.Item) -> float | None:
    """Cents that a test may cost; ``None`` when unlimited."""
    marker = node.get_closest_marker("ovs_budget")
    if marker is None:
        return None
    cents = marker.kwargs.get("cents", marker.args[0] if marker.args else None)
    if not isinstance(cents, int | float) or isinstance(cents, bool) or cents < 0:
        _usage_error(node, f"expected cents=<a number, zero or more>, and got {cents!r}", "ovs_budget")
    return float(cents)


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(name) or config.getini(name))


def _one_of(node: pytest.Item, name: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        _usage_error(node, f"{name}={value!r}: expected {' or '.join(map(repr, allowed))}")
    return str(value)


def _check_option_names(node: pytest.Item, given: dict[str, Any]) -> None:
    from ovs_mock import Settings

    known = {field.name for field in fields(Settings)} | {"clock", "leaks", "strict", "models", "target"}
    for name in given:
        if name not in known:
            similar = get_close_matches(name, known, n=1)
            hint = f"did you mean {similar[0]}?" if similar else f"the options are {', '.join(sorted(known))}"
            _usage_error(node, f"there is no option {name!r}; {hint}")


def _usage_error(node: pytest.Item, message: str, marker: str = "ovs") -> NoReturn:
    raise pytest.UsageError(f"{node.nodeid}: @pytest.mark.{marker}: {message}")
