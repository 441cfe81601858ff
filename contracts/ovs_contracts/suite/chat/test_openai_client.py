"""OpenAI's own client against the chat versions."""

from collections.abc import Iterator
from typing import Any, Literal

import httpx
import pytest
from pydantic import BaseModel

from ovs_contracts.client.chat import MODEL, ChatClient, frame_of, text
from ovs_contracts.client.video import VideoStream
from ovs_contracts.runner.marks import costs, documented, sends_video
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import hold

SOURCE = "chat completions are OpenAI-compatible"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


class FrameSummary(BaseModel):
    """What a model is to fill in."""

    colour: Literal["red", "green", "blue"]
    count: int


@pytest.fixture
def openai() -> Any:
    """The package; the checks of this module are skipped without it."""
    return pytest.importorskip("openai", reason="OpenAI's client is not installed: pip install openai")


@pytest.fixture
def client(openai: Any, chat: ChatClient, target: Target) -> Iterator[Any]:
    """A client of the version, with the check's own key."""
    with (
        httpx.Client(verify=target.tls or True, trust_env=False) as http,
        openai.OpenAI(
            base_url=target.origin + chat.prefix, api_key=chat.key, max_retries=0, http_client=http
        ) as client,
    ):
        yield client


def said(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(parts) or "Say hello."}]


@documented(SOURCE)
@sends_video(5)
@costs(0.1)
def test_a_completion_about_a_frame(client: Any, chat: ChatClient, video: VideoStream) -> None:
    """The client reads text, finish reason and usage of a completion about a frame."""
    messages = said(text("What is there?"), frame_of(video.id))
    completion = client.chat.completions.create(model=MODEL, messages=messages)
    hold("finish_reason", expected="stop", seen=completion.choices[0].finish_reason)
    assert completion.choices[0].message.content
    assert completion.usage.prompt_tokens > 10
    hold("cache_hit", expected=False, seen=completion.model_extra["overshoot"]["cache"]["cache_hit"])


@documented(SOURCE)
@costs(0.05)
def test_a_streamed_completion(client: Any) -> None:
    """The client iterates over the chunks and finds the usage in the last one."""
    usage = {"include_usage": True}
    with client.chat.completions.create(model=MODEL, messages=said(), stream=True, stream_options=usage) as stream:
        chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    hold("choices of the last chunk", expected=[], seen=chunks[-1].choices)
    assert chunks[-1].usage.completion_tokens > 0


@documented(SOURCE)
@costs(0.1)
def test_a_parsed_completion(client: Any) -> None:
    """The client parses a completion into the requested type."""
    messages = said(text("One red ball. Which colour, and how many?"))
    completion = client.chat.completions.parse(model=MODEL, messages=messages, response_format=FrameSummary)
    hold("type of what was parsed", expected=FrameSummary, seen=type(completion.choices[0].message.parsed))


@documented(SOURCE)
def test_models(client: Any) -> None:
    """The client lists the models with their status."""
    models = client.models.list().data
    assert any(model.model_extra["status"] == "ready" for model in models), models
    hold("owners", expected={"overshoot"}, seen={model.owned_by for model in models})


@documented(SOURCE)
def test_errors(openai: Any, client: Any) -> None:
    """The client raises its own errors for a wrong key, an unknown stream and a wrong body."""
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk-nobody-knows-this-key").chat.completions.create(model=MODEL, messages=said())
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model=MODEL, messages=said(frame_of(UNKNOWN)))
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(model=MODEL, messages="wrong")
