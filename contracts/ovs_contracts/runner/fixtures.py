"""The checks as pytest tests: fixtures, and what collection insists on.

``suite/conftest.py`` takes everything from here.
"""

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.probes import Probe
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.documents.versions import chat_versions
from ovs_contracts.runner import marks
from ovs_contracts.runner.checks import claim, cost, is_check, says_parity
from ovs_contracts.runner.listener import run_of
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.pytest_plugin import RunnerPlugin
from ovs_contracts.runner.skip_reasons import obstacle
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, Target, TargetTime
from ovs_contracts.transport.http_client import HttpClient

MARKERS = (
    "documented(source): the documents say so, and nobody has seen it live yet",
    "validated(date, source): seen live on that date",
    "mock_only(reason): can be seen on the mock only",
    "needs(*powers): what the target must be able to do",
    "passes_time(seconds): how much of the target's time it lets pass",
    "costs(cents): what it may cost where money is charged, at most",
    "streams(count): how many streams it holds at a time",
    "probe(row): an open question, by its number or name; records what the target does",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(RunnerPlugin(config), "ovs-contracts-conductor")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every check says how far it is known to be true, once, and states its claim."""
    wrong = [item.nodeid for item in items if is_check(item) and not says_parity(item)]
    silent = [item.nodeid for item in items if is_check(item) and not claim(item)]
    if wrong or silent:
        raise pytest.UsageError(
            *(f"{id_}: needs exactly one of {', '.join(marks.PARITY)}" for id_ in wrong),
            *(f"{id_}: needs a docstring that states its claim" for id_ in silent),
        )


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The server under test."""
    return run_of(request.config).target


@pytest.fixture(autouse=True)
def requirements(request: pytest.FixtureRequest, target: Target, session: TargetSession) -> Iterator[None]:
    """Leaves, with the reason, a check that cannot be made against the target, or not for what is left to spend."""
    item, options, budget = request.node, Options.of(request.config), session.guards.budget
    if refusal := obstacle(item, target, options):
        raise refusal
    if budget is None:
        yield
        return
    budget.must_pay(cost(item))
    with budget.check(cost(item)):
        yield


@pytest.fixture(scope="session")
def session(request: pytest.FixtureRequest, target: Target) -> TargetSession:
    """What the checks of this run share."""
    return run_of(request.config).session


@pytest.fixture
def call(session: TargetSession) -> Iterator[HttpClient]:
    """Calls the target; what answers is held against the contract. Streams that are left are ended afterwards."""
    session.journal.clear()
    yield session.call
    session.tidy()


@pytest.fixture
def key(session: TargetSession) -> str:
    """An API key; of a user of its own, where the target lets us."""
    return session.new_key()


@pytest.fixture
def other_key(session: TargetSession) -> str:
    """The key of another user. Mark the check with ``needs(Capability.SECOND_KEY)``."""
    if Capability.ACCOUNTS in session.target.powers:
        return session.new_key()
    assert session.target.second_key is not None, "mark the check with needs(Capability.SECOND_KEY)"
    return session.target.second_key


@pytest.fixture
def clock(session: TargetSession) -> TargetTime:
    """The target's time. Mark the check with ``passes_time``."""
    return session.time


@pytest.fixture
def footage(session: TargetSession) -> FrameSource:
    """Video for a stream. Mark the check with ``needs(Capability.FOOTAGE)`` and ``passes_time``."""
    return session.footage


@pytest.fixture
def controls(session: TargetSession) -> Controls:
    """What a mock lets us arrange. Mark the check with ``needs(Capability.CONTROL)``."""
    assert session.controls is not None, "mark the check with needs(Capability.CONTROL)"
    return session.controls


@pytest.fixture
def probe(request: pytest.FixtureRequest, target: Target) -> Iterator[Probe]:
    """Takes the answer to an open question. Its answers are the property ``probe`` of the check's report."""
    rows = [str(marker.args[0]) for marker in request.node.iter_markers("probe")]
    probe = Probe(rows, asserts=target.controlled)
    yield probe
    for answer in probe.answers:
        request.node.user_properties.append(("probe", asdict(answer)))


@pytest.fixture
def v02(call: HttpClient, target: Target, key: str) -> V02Client:
    return V02Client(call, target, key)


@pytest.fixture
def v1(call: HttpClient, key: str) -> ChatClient:
    return ChatClient(call, key, "v1")


@pytest.fixture
def v1beta(call: HttpClient, key: str) -> ChatClient:
    return ChatClient(call, key, "v1beta")


@pytest.fixture(params=[version.name for version in chat_versions()])
def either(call: HttpClient, key: str, request: pytest.FixtureRequest) -> ChatClient:
    """Each version whose clients ask about frames, one after the other."""
    return ChatClient(call, key, request.param)
