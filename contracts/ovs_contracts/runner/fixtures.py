"""The fixtures of the checks, and what their collection requires. ``suite/conftest.py`` imports all of it."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.probes import Probe
from ovs_contracts.client.session import TargetSession
from ovs_contracts.client.v02 import V02Client
from ovs_contracts.documents.versions import chat_versions
from ovs_contracts.runner.checks import Check, is_check, mistake
from ovs_contracts.runner.pytest_plugin import RUN, RunnerPlugin
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, Target, TargetTime
from ovs_contracts.transport.http_client import HttpClient

MARKERS = (
    "documented(source): the documents say so, and nobody has seen it live yet",
    "validated(date, source): seen live on that date",
    "mock_only(reason): can be seen on the mock only",
    "needs(*capabilities): what the target must be able to do",
    "passes_time(seconds): how much of the target's time it lets pass",
    "costs(cents): what it may cost where money is charged, at most",
    "streams(count): how many streams it holds at a time",
    "probe(row): an open question, by its number or name; records what the target does",
)


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(RunnerPlugin(config), "ovs-contracts-runner")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every check says once how its claim is known to be true, and states the claim."""
    if mistakes := list(filter(None, map(mistake, filter(is_check, items)))):
        raise pytest.UsageError(*mistakes)


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The server under test."""
    return request.config.stash[RUN].target


@pytest.fixture(autouse=True)
def requirements(request: pytest.FixtureRequest, target: Target, session: TargetSession) -> Iterator[None]:
    """Skips, with the reason, a check that the target or a limit of the run does not allow."""
    with request.config.stash[RUN].admit(Check.from_item(request.node)):
        yield


@pytest.fixture(scope="session")
def session(request: pytest.FixtureRequest, target: Target) -> TargetSession:
    """The session that all checks of a run share."""
    return request.config.stash[RUN].session


@pytest.fixture
def http(session: TargetSession) -> Iterator[HttpClient]:
    """Calls the target and validates its answers. Streams that are left are ended afterwards."""
    session.exchange_log.clear()
    yield session.http
    session.end_streams()


@pytest.fixture
def key(session: TargetSession) -> str:
    """An API key, of a new user where the target opens accounts for any key."""
    return session.new_key()


@pytest.fixture
def other_key(session: TargetSession) -> str:
    """The key of another user. Mark the check with ``needs(Capability.SECOND_KEY)``."""
    if Capability.ACCOUNTS in session.target.capabilities:
        return session.new_key()
    assert session.target.second_key is not None, "mark the check with needs(Capability.SECOND_KEY)"
    return session.target.second_key


@pytest.fixture
def clock(session: TargetSession) -> TargetTime:
    """The target's time. Mark the check with ``passes_time``."""
    return session.time


@pytest.fixture
def frame_source(session: TargetSession) -> FrameSource:
    """Sends video into a stream. Mark the check with ``needs(Capability.FOOTAGE)`` and ``passes_time``."""
    return session.frame_source


@pytest.fixture
def controls(session: TargetSession) -> Controls:
    """The controls of a mock. Mark the check with ``needs(Capability.CONTROL)``."""
    assert session.controls is not None, "mark the check with needs(Capability.CONTROL)"
    return session.controls


@pytest.fixture
def probe(request: pytest.FixtureRequest, target: Target) -> Iterator[Probe]:
    """Records the answer to an open question, as the property ``probe`` of the check's report."""
    rows = [str(marker.args[0]) for marker in request.node.iter_markers("probe")]
    probe = Probe(rows, asserts=target.controlled)
    yield probe
    for answer in probe.answers:
        request.node.user_properties.append(("probe", asdict(answer)))


@pytest.fixture
def v02(http: HttpClient, target: Target, key: str) -> V02Client:
    return V02Client(http, target, key)


@pytest.fixture
def v1(http: HttpClient, key: str) -> ChatClient:
    return ChatClient(http, key, "v1")


@pytest.fixture
def v1beta(http: HttpClient, key: str) -> ChatClient:
    return ChatClient(http, key, "v1beta")


@pytest.fixture(params=[version.name for version in chat_versions()])
def chat(http: HttpClient, key: str, request: pytest.FixtureRequest) -> ChatClient:
    """Each version whose clients ask about frames, one after the other."""
    return ChatClient(http, key, request.param)
