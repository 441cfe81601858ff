"""OpenAI's own client, against both versions."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionToolParam
from ovs_support.chat import MODEL, NOBODYS, ChatCaller, frame_url
from pydantic import BaseModel

from ovs_mock import Ovs, Reply, Settings

LOOK: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Looks.",
        "parameters": {"type": "object", "properties": {"at": {"type": "integer"}}, "required": ["at"]},
    },
}


class Seen(BaseModel):
    colour: Literal["red", "blue"]
    count: int
    inside: list["Seen"] | None = None


@pytest.fixture(params=["v1", "v1beta"])
def base(ovs: Ovs, request: pytest.FixtureRequest) -> str:
    url: str = getattr(ovs, request.param)
    return url


@pytest.fixture
def client(ovs: Ovs, base: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=base, api_key=ovs.api_key, max_retries=0) as client:
        yield client


@pytest.fixture
async def aclient(ovs: Ovs, base: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=base, api_key=ovs.api_key, max_retries=0) as client:
        yield client


def said(*parts: Any) -> Any:
    return [{"role": "user", "content": [{"type": "text", "text": "look"}, *parts]}]


def test_a_completion_about_a_frame(ovs: Ovs, client: OpenAI, base: str) -> None:
    with ChatCaller(ovs, base) as call:
        stream_id = call.stream(frames=3)
    completion = client.chat.completions.create(model=MODEL, messages=said(frame_url(stream_id)))
    assert "#2" in (completion.choices[0].message.content or "")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage
    assert completion.usage.total_tokens > 150
    assert completion.model_extra
    assert completion.model_extra["overshoot"]["cache"]["cache_hit"] is False


def test_streaming(ovs: Ovs, client: OpenAI) -> None:
    ovs.model.reply("one two three four")
    with client.chat.completions.create(
        model=MODEL, messages=said(), stream=True, stream_options={"include_usage": True}
    ) as stream:
        chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "one two three four"
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == 5


def test_a_streamed_completion_is_put_together(ovs: Ovs, client: OpenAI) -> None:
    with client.chat.completions.stream(model=MODEL, messages=said(), tools=[LOOK], tool_choice="required") as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    assert final.choices[0].finish_reason == "tool_calls"
    (call, *_) = final.choices[0].message.tool_calls or []
    assert isinstance(json.loads(call.function.arguments)["at"], int)


def test_tools_and_their_answers(client: OpenAI) -> None:
    messages = said()
    asked = client.chat.completions.create(model=MODEL, messages=messages, tools=[LOOK], tool_choice="required")
    message = asked.choices[0].message
    messages.append(message.model_dump())
    for call in message.tool_calls or []:
        messages.append({"role": "tool", "tool_call_id": call.id, "content": "a dog"})
    answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[LOOK])
    assert answer.choices[0].finish_reason == "stop"


def test_structured_outputs(client: OpenAI) -> None:
    parsed = client.chat.completions.parse(model=MODEL, messages=said(), response_format=Seen).choices[0].message.parsed
    assert isinstance(parsed, Seen)


def test_models_are_listed(client: OpenAI) -> None:
    assert MODEL in [model.id for model in client.models.list()]


def test_error_classes(ovs: Ovs, client: OpenAI) -> None:
    create = client.chat.completions.create
    with pytest.raises(openai.NotFoundError):
        create(model=MODEL, messages=said(frame_url(NOBODYS)))
    with pytest.raises(openai.UnprocessableEntityError):
        create(model=MODEL, messages=said(), n=0)
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk-no").chat.completions.create(model=MODEL, messages=said())
    ovs.model.reply(Reply.upstream(500), times=1)
    with pytest.raises(openai.InternalServerError) as failed:
        create(model=MODEL, messages=said())
    assert failed.value.status_code == 502


def test_an_error_in_the_middle_of_a_stream_is_raised(ovs: Ovs, client: OpenAI) -> None:
    ovs.model.when(where=lambda q: q.choice == 0).reply("well")
    ovs.model.when(where=lambda q: q.choice == 1).reply(Reply.timeout("too late", latency=0.05))
    stream = client.chat.completions.create(model=MODEL, messages=said(), n=2, stream=True)
    with pytest.raises(openai.APIError, match="too late"):
        list(stream)


async def test_many_at_once_without_threads(aclient: AsyncOpenAI) -> None:
    import asyncio

    create = aclient.chat.completions.create
    answers = await asyncio.gather(*(create(model=MODEL, messages=said()) for _ in range(10)))
    assert len({answer.id for answer in answers}) == 10


async def test_streaming_without_threads(ovs: Ovs, aclient: AsyncOpenAI) -> None:
    ovs.model.reply("one two three")
    stream = await aclient.chat.completions.create(model=MODEL, messages=said(), stream=True)
    pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
    assert "".join(pieces) == "one two three"


class TestRetries:
    @pytest.fixture
    def ovs_settings(self) -> Settings:
        return Settings(seed=0, chats_per_second=1)

    @pytest.fixture
    def ovs_clock(self) -> str:
        return "frozen"

    def test_it_retries_after_the_rate_limit(self, ovs: Ovs, monkeypatch: pytest.MonkeyPatch) -> None:
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            ovs.advance(seconds)

        monkeypatch.setattr("openai._base_client.time.sleep", wait)
        with OpenAI(base_url=ovs.v1beta, api_key=ovs.api_key, max_retries=1) as client:
            for _ in range(2):
                assert client.chat.completions.create(model=MODEL, messages=said()).choices
        assert waited == [1.0]

    def test_in_the_end_it_gives_up(self, ovs: Ovs) -> None:
        with OpenAI(base_url=ovs.v1beta, api_key=ovs.api_key, max_retries=0) as client:
            client.chat.completions.create(model=MODEL, messages=said())
            with pytest.raises(openai.RateLimitError) as limited:
                client.chat.completions.create(model=MODEL, messages=said())
        assert limited.value.response.headers["x-ratelimit-remaining"] == "0"
