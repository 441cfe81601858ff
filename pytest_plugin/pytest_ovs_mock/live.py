"""``--ovs-target=live``, or a URL: a user's own tests against a server that is no mock."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, NoReturn

import pytest

from pytest_ovs_mock.options import TestOptions
from pytest_ovs_mock.report import MOCK, OvsLeakWarning

if TYPE_CHECKING:
    from ovs_contracts.relay.process import RelayProcess

    from ovs_mock import LiveHandle, Settings

USAGE_ERROR = 4


def target(config: pytest.Config) -> str:
    """What tests run against: ``mock``, ``live`` or a URL."""
    return str(config.getoption("ovs_target", MOCK))


def header(config: pytest.Config) -> str | None:
    """A line at the beginning of a run that may cost money."""
    if target(config) == MOCK:
        return None
    budget = config.getoption("ovs_budget_cents", None)
    return f"ovs-mock: tests that use ovs run against {target(config)}" + (f", for {budget:g} cents" if budget else "")


@pytest.fixture(scope="session")
def _ovs_relay(pytestconfig: pytest.Config) -> "Iterator[RelayProcess]":
    """Notes what the tests of this process make, and ends it, whatever becomes of them."""
    if find_spec("httpx") is None:
        _abort(pytestconfig, "--ovs-target needs httpx: pip install 'ovs-mock[live]'")
    from ovs_contracts.relay.process import RelayError, RelayProcess

    budget = pytestconfig.getoption("ovs_budget_cents", None)
    bundle = pytestconfig.getoption("ovs_ca_bundle", None)
    relay = RelayProcess(
        target(pytestconfig),
        # Processes of pytest-xdist share what there is.
        budget_cents=None if budget is None else budget / _processes(pytestconfig),
        ca_bundle=None if bundle is None else str(bundle),
    )
    why = ""
    try:
        relay.start()
    except RelayError as error:
        why = str(error)
    if why:
        # Not as the error's own context, which a report would show beside it.
        _abort(pytestconfig, why)
    yield relay
    if left := relay.close():
        pytestconfig.issue_config_time_warning(
            OvsLeakWarning(
                f"{len(left)} streams on {relay.origin} could not be ended; the next run ends them, and so does "
                f"ovs-contracts clean-up: {', '.join(left)}"
            ),
            stacklevel=2,
        )


def live_handle(relay: "RelayProcess", settings: "Settings", chosen: TestOptions) -> "LiveHandle":
    """The handle of one test. Skips it when it wants what only the mock has."""
    from ovs_mock import LiveHandle

    if wanted := _mock_only(settings, chosen):
        pytest.skip(f"needs {wanted}, and this is {relay.target}")
    relay.request("begin")
    return LiveHandle(relay, _skip)


def _mock_only(settings: "Settings", chosen: TestOptions) -> str | None:
    from ovs_mock import Settings

    if chosen.target == MOCK:
        return "the mock, by ovs(target='mock')"
    if chosen.settings or chosen.models:
        names = [*chosen.settings, *(["models"] if chosen.models else [])]
        return f"a server with settings, ovs({', '.join(f'{name}=…' for name in names)})"
    if settings != Settings(seed=settings.seed):
        return "a server with settings of its own, ovs_settings"
    if chosen.needs_frozen_clock:
        return "a clock that stands still"
    return None


def _skip(reason: str) -> NoReturn:
    # The reason's place is where the test asked for it.
    __tracebackhide__ = True
    pytest.skip(reason)


def _abort(config: pytest.Config, why: str) -> NoReturn:
    if _processes(config) > 1:
        # One of several cannot end the run.
        pytest.fail(f"ovs-mock: {why}", pytrace=False)
    pytest.exit(f"ovs-mock: {why}", returncode=USAGE_ERROR)


def _processes(config: pytest.Config) -> int:
    """How many of pytest-xdist's there are; one without it."""
    return int(getattr(config, "workerinput", {"workercount": 1})["workercount"])
