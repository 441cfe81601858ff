"""Tenants share a server and nothing else; the API key says whose a request is."""

from collections.abc import Iterator

import httpx
import pytest
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller, results

from ovs_mock import BackgroundMock, Ovs, Settings

BODY = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}


@pytest.fixture(scope="module")
def server() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1)) as server:
        yield server


@pytest.fixture
def pair(server: BackgroundMock) -> Iterator[tuple[Ovs, Ovs]]:
    """Two tenants with the same seed."""
    tenants = [server.open_tenant(Settings(seed=7, name=name)) for name in ("one", "other")]
    yield tenants[0], tenants[1]
    for tenant in tenants:
        server.close_tenant(tenant)


def test_streams_are_apart(pair: tuple[Ovs, Ovs]) -> None:
    one, other = pair
    with Caller(one) as call:
        stream_id = call("POST", "/streams", BODY).json()["stream_id"]
        assert call("GET", f"/streams/{stream_id}/info").status_code == 200
    with Caller(other) as call:
        assert call("GET", f"/streams/{stream_id}/info").status_code == 404
    assert [s.id for s in one.streams] == [stream_id]
    assert other.streams == []


def test_clocks_are_apart(pair: tuple[Ovs, Ovs]) -> None:
    one, other = pair
    before = other.now()
    one.advance(1_000)
    assert one.now() - other.now() > 990
    assert other.now() - before < 60


def test_scripts_and_journals_are_apart(pair: tuple[Ovs, Ovs]) -> None:
    one, other = pair
    one.model.reply("mine")
    said = []
    for tenant in pair:
        with ChatCaller(tenant, tenant.v1beta) as caller:
            answer = caller.chat("Say a word.").json()
            said.append(answer["choices"][0]["message"]["content"])
    assert said[0] == "mine" != said[1]
    assert len(one.journal.requests()) == len(other.journal.requests()) == 1


def test_the_same_seed_gives_other_ids_under_another_name(pair: tuple[Ovs, Ovs]) -> None:
    one, other = pair
    assert one.api_key != other.api_key


async def test_a_socket_belongs_to_the_tenant_of_its_stream(pair: tuple[Ovs, Ovs]) -> None:
    one, other = pair
    with Caller(one) as call:
        stream_id = call("POST", "/streams", BODY).json()["stream_id"]
    async with results(one, stream_id) as mine, results(one, stream_id, key=other.api_key) as foreign:
        one.wait_for_watchers(stream_id)
        one.play(stream_id, 0.1, fps=1)
        assert (await mine.next())["stream_id"] == stream_id
        assert (await foreign.closed())[0] == 1008
    with Caller(other) as call:
        call("POST", "/streams", BODY)
    assert len(other.streams) == 1


def test_an_unknown_key_belongs_to_the_newest_tenant(pair: tuple[Ovs, Ovs]) -> None:
    _, newest = pair
    httpx.post(newest.v1 + "/streams", headers={"Authorization": "Bearer ovs-my-own-key"})
    assert len(newest.streams) == 1


def test_a_closed_tenant_is_forgotten(server: BackgroundMock) -> None:
    tenant = server.open_tenant(Settings(seed=3))
    with Caller(tenant) as call:
        call("POST", "/streams", BODY)
        server.close_tenant(tenant)
        server.close_tenant(tenant)
        assert call("GET", "/streams/feedback").status_code == 200
    assert not any(tenant.api_key in repr(entry) for entry in server.journal)
