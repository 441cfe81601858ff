"""``--ovs-target=live`` or a URL: runs a user's tests against a server that is not a mock."""

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
    limit = f", for at most {budget:g} cents" if budget else ""
    return f"ovs-mock: tests that use ovs run against {target(config)}{limit}"


@pytest.fixture(scope="session")
def _ovs_relay(pytestconfig: pytest.Config) -> "Iterator[RelayProcess]":
    """Records the streams that the tests of this process create, and ends them, even if pytest is killed."""
    if find_spec("httpx") is None:
        _abort(pytestconfig, "--ovs-target needs httpx: pip install 'ovs-mock[live]'")
    from ovs_contracts.relay.process import RelayError, RelayProcess

    budget = pytestconfig.getoption("ovs_budget_cents", None)
    bundle = pytestconfig.getoption("ovs_ca_bundle", None)
    relay = RelayProcess(
        target(pytestconfig),
        budget_cents=None if budget is None else budget / _worker_count(pytestconfig),
        ca_bundle=None if bundle is None else str(bundle),
    )
    failure = ""
    try:
        relay.start()
    except RelayError as error:
        failure = str(error)
    if failure:
        # Outside of `except`: a report would show the error twice.
        _abort(pytestconfig, failure)
    yield relay
    if left := relay.close():
        pytestconfig.issue_config_time_warning(
            OvsLeakWarning(
                f"{len(left)} streams on {relay.origin} could not be ended; the next run ends them, and so does "
                f"ovs-contracts clean-up: {', '.join(left)}"
            ),
            stacklevel=2,
        )


def live_handle(relay: "RelayProcess", settings: "Settings", options: TestOptions) -> "LiveHandle":
    """The handle of one test. Skips the test when its options need the mock."""
    from ovs_mock import LiveHandle

    if need := _mock_only_need(settings, options):
        pytest.skip(f"needs {need}; the target is {relay.target}")
    relay.request("begin")
    return LiveHandle(relay, _skip)


def _mock_only_need(settings: "Settings", options: TestOptions) -> str | None:
    from ovs_mock import Settings

    if options.target == MOCK:
        return "the mock, by ovs(target='mock')"
    if options.settings or options.models:
        names = [*options.settings, *(["models"] if options.models else [])]
        return f"a server with settings, by ovs({', '.join(f'{name}=…' for name in names)})"
    if settings != Settings(seed=settings.seed):
        return "a server with settings, by the fixture ovs_settings"
    if options.needs_frozen_clock:
        return "a frozen clock, by ovs(clock='frozen')"
    return None


def _skip(reason: str) -> NoReturn:
    # pytest reports the line of the test as the place of the skip.
    __tracebackhide__ = True
    pytest.skip(reason)


def _abort(config: pytest.Config, reason: str) -> NoReturn:
    if _worker_count(config) > 1:
        # A worker of pytest-xdist cannot end the run.
        pytest.fail(f"ovs-mock: {reason}", pytrace=False)
    pytest.exit(f"ovs-mock: {reason}", returncode=USAGE_ERROR)


def _worker_count(config: pytest.Config) -> int:
    """Number of pytest-xdist's workers, which share the budget; 1 without it."""
    return int(getattr(config, "workerinput", {"workercount": 1})["workercount"])
