"""A relay to a server that answers when a test lets it."""

from collections.abc import Iterator

import pytest
from ovs_contracts.relay.process import RelayProcess
from ovs_support.upstream import KEY, Upstream, upstream


@pytest.fixture(scope="module")
def kept_server() -> Iterator[Upstream]:
    with upstream() as server:
        yield server


@pytest.fixture(scope="module")
def kept_relay(kept_server: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OVERSHOOT_API_KEY", KEY)
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        relay = RelayProcess(kept_server.origin, budget_cents=1)
        relay.start()
    yield relay
    assert relay.close() == []


@pytest.fixture
def server(kept_server: Upstream) -> Upstream:
    kept_server.forget()
    return kept_server


@pytest.fixture
def relay(kept_relay: RelayProcess, server: Upstream) -> RelayProcess:
    """For those who do not break it."""
    kept_relay.request("begin")
    return kept_relay
