"""Routes of one's own before the mock."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
import respx
import trio

from ovs_mock import Ovs, Reply

V1 = "https://api.overshoot.ai/v1"
MODEL = "Qwen/Qwen3.5-9B"
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "Hello"}], "stream": True}


@pytest.fixture
def headers(ovs: Ovs) -> dict[str, str]:
    return {"Authorization": f"Bearer {ovs.api_key}"}


def test_ones_own_routes_come_first(ovs: Ovs, headers: dict[str, str]) -> None:
    with ovs.respx_router() as router:
        mine = router.get(f"{V1}/models").respond(503)
        assert httpx.get(f"{V1}/models").status_code == 503
        created = httpx.post(f"{V1}/streams", headers=headers).json()
        assert created["publish"]["url"] == ovs.livekit_url
        assert mine.call_count == 1
        assert [call.response.status_code for call in router.calls] == [503, 201]
    assert len(ovs.streams) == 1


def test_other_hosts_are_not_the_mocks(ovs: Ovs) -> None:
    with ovs.respx_router() as router:
        router.get("https://vision.example/").respond(204)
        assert httpx.get("https://vision.example/").status_code == 204
        with pytest.raises(AssertionError, match="not mocked"):
            httpx.get("https://other.example/")
    with ovs.respx_router("vision.example"):
        assert httpx.get("https://vision.example/v1/models").status_code == 200


def test_a_route_that_was_not_used_is_told_of(ovs: Ovs) -> None:
    with pytest.raises(AssertionError, match="were not called"), ovs.respx_router() as router:
        router.get(f"{V1}/models").respond(503)
    with ovs.respx_router(assert_all_called=False) as router:
        router.get(f"{V1}/models").respond(503)


def test_beside_another_router(ovs: Ovs) -> None:
    with respx.mock(assert_all_called=False) as other, ovs.respx_router():
        other.get("https://vision.example/").respond(204)
        assert httpx.get(f"{V1}/models").status_code == 200
        assert httpx.get("https://vision.example/").status_code == 204


def first_piece(lines: list[str]) -> str:
    content: str = json.loads(lines[-1].removeprefix("data: "))["choices"][0]["delta"]["content"]
    return content


async def until_said(lines: AsyncIterator[str]) -> str:
    seen = [line async for line in until(lines, '"content":"one')]
    return first_piece(seen)


async def until(lines: AsyncIterator[str], what: str) -> AsyncIterator[str]:
    async for line in lines:
        yield line
        if what in line.replace('": "', '":"'):
            return


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


def test_events_come_one_by_one(ovs: Ovs, headers: dict[str, str]) -> None:
    """The clock stands still, so the second token is not made before the first was read."""
    ovs.model.reply(Reply("one two three four", latency=0))
    ovs.model.pace(1)

    async def work() -> None:
        async with (
            httpx.AsyncClient(headers=headers) as client,
            client.stream("POST", f"{V1}/chat/completions", json=CHAT) as answer,
        ):
            lines = answer.aiter_lines()
            assert await until_said(lines) == "one "
            await trio.to_thread.run_sync(ovs.advance, 60)
            rest = [line async for line in lines]
            assert rest[-2] == "data: [DONE]"

    with ovs.respx_router():
        trio.run(work)


def test_openai(ovs: Ovs) -> None:
    """With httpx for its transport, which is no longer its own choice: respx knows nothing of httpx2."""
    http: Any = httpx.Client()
    with ovs.respx_router(), openai.OpenAI(base_url=V1, api_key=ovs.api_key, http_client=http, max_retries=0) as client:
        assert client.models.list().data
        with pytest.raises(openai.NotFoundError):
            client.get("/nothing", cast_to=object)
