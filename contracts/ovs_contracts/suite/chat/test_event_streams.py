"""Streamed completions: server-sent events."""

from typing import Any

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient, frame_of, text
from ovs_contracts.client.completion_chunks import CompletionChunks
from ovs_contracts.client.video import VideoStream
from ovs_contracts.runner.marks import costs, documented, mock_only, sends_video
from ovs_contracts.suite.arranged import scripted
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import TargetTime
from ovs_contracts.transport import sse
from ovs_contracts.transport.exchange import Exchange, hold

UNKNOWN = "00000000-0000-4000-8000-000000000000"
WITH_USAGE = {"stream_options": {"include_usage": True}}


def streamed(chat: ChatClient, *parts: dict[str, Any], **fields: Any) -> Exchange:
    return chat.ask(*parts, fields={"stream": True, **fields})


@documented("text/event-stream: data: {chunk} …, data: [DONE]")
@costs(0.05)
def test_the_form_of_the_events(chat: ChatClient) -> None:
    """The response is a text/event-stream of data events, each followed by an empty line; the last is [DONE]."""
    answer = streamed(chat).expect(200)
    media = answer.headers.get("content-type", "").partition(";")[0]
    hold("content type", expected="text/event-stream", seen=media, exchange=answer)
    assert len(sse.chunks(answer)) >= 2


@documented("chunks: object chat.completion.chunk; one id, created and model")
@costs(0.05)
def test_the_form_of_the_chunks(chat: ChatClient, clock: TargetTime) -> None:
    """All chunks of a completion have the same id, model and created, and their choices have three fields."""
    answer = streamed(chat)
    pieces = CompletionChunks(answer)
    heads = {(chunk["id"], chunk["object"], chunk["created"], chunk["model"]) for chunk in pieces.all}
    hold("different heads", expected=1, seen=len(heads), exchange=answer)
    (head,) = heads
    whole = chat.ask().expect(200).json
    hold("object and model", expected=("chat.completion.chunk", whole["model"]), seen=head[1::2], exchange=answer)
    assert head[0]
    assert abs(head[2] - clock.now()) < 60 + answer.seconds
    keys = {frozenset(choice) - {"logprobs"} for chunk in pieces.with_choices for choice in chunk["choices"]}
    hold("keys of a choice", expected={frozenset({"index", "delta", "finish_reason"})}, seen=keys, exchange=answer)


@documented("SSE: role in the first delta, one finish_reason")
@costs(0.05)
def test_how_an_answer_begins_and_ends(chat: ChatClient) -> None:
    """Only the first delta has the role, text follows, and the last chunk has the finish reason."""
    answer = streamed(chat)
    pieces = CompletionChunks(answer)
    choices = pieces.choices()
    roles = [choice["delta"].get("role") for choice in choices]
    hold("the first role", expected="assistant", seen=roles[0], exchange=answer)
    hold("later roles", expected=set(), seen=set(roles[1:]) - {None}, exchange=answer)
    hold("ends", expected=["stop"], seen=pieces.finish_reasons(), exchange=answer)
    hold("the last piece", expected="stop", seen=choices[-1]["finish_reason"], exchange=answer)
    assert pieces.text(), "something is said"


@documented("stream_options.include_usage: a final usage chunk with empty choices, with overshoot.cache; then [DONE]")
@costs(0.05)
def test_usage_on_demand(chat: ChatClient) -> None:
    """With include_usage the last chunk has no choices but usage and overshoot; no other chunk has usage."""
    answer = streamed(chat, **WITH_USAGE)
    pieces = CompletionChunks(answer)
    hold("chunks without choices", expected=[pieces.all[-1]], seen=pieces.without_choices, exchange=answer)
    usage = pieces.all[-1]["usage"]
    hold("the sum", expected=usage["prompt_tokens"] + usage["completion_tokens"], seen=usage["total_tokens"])
    assert usage["completion_tokens"] > 0
    early = [chunk["usage"] for chunk in pieces.with_choices if chunk.get("usage") is not None]
    hold("usage in other chunks", expected=[], seen=early, exchange=answer)
    cache = pieces.all[-1]["overshoot"]["cache"]
    hold("keys of cache", expected={"thread_id", "cache_hit", "cached_input_tokens"}, seen=set(cache), exchange=answer)


@documented("the usage chunk comes with include_usage only")
@costs(0.1)
def test_no_usage_without_demand(chat: ChatClient) -> None:
    """Without include_usage, or with false, no chunk has usage or an empty list of choices."""
    for fields in ({}, {"stream_options": {"include_usage": False}}):
        answer = streamed(chat, **fields)
        seen = [chunk for chunk in CompletionChunks(answer).all if not chunk["choices"] or chunk.get("usage")]
        hold("chunks with usage", expected=[], seen=seen, exchange=answer)


@documented("stream: false is an answer in one")
@costs(0.05)
def test_no_events_without_demand(chat: ChatClient) -> None:
    """With stream false the response is JSON."""
    answer = chat.ask(fields={"stream": False}).expect(200)
    hold("object", expected="chat.completion", seen=answer.json["object"], exchange=answer)


@documented("n: pieces carry the index of their choice")
@costs(0.1)
def test_several_choices(chat: ChatClient) -> None:
    """With n=2 both choices are streamed, each with its role, text and finish reason."""
    answer = streamed(chat, n=2)
    pieces = CompletionChunks(answer)
    indices = {choice["index"] for chunk in pieces.with_choices for choice in chunk["choices"]}
    hold("indices", expected={0, 1}, seen=indices, exchange=answer)
    for index in (0, 1):
        hold("first role", expected="assistant", seen=pieces.choices(index)[0]["delta"].get("role"), exchange=answer)
        hold("ends", expected=["stop"], seen=pieces.finish_reasons(index), exchange=answer)
        assert pieces.text(index)


@documented("finish_reason length")
@costs(0.05)
def test_a_limit_of_tokens(chat: ChatClient) -> None:
    """A streamed completion that reaches its token limit has the finish reason length and that many tokens."""
    words = text("Write two long sentences about rivers.")
    answer = streamed(chat, words, max_completion_tokens=5, **WITH_USAGE)
    pieces = CompletionChunks(answer)
    hold("ends", expected=["length"], seen=pieces.finish_reasons(), exchange=answer)
    hold("tokens", expected=5, seen=pieces.all[-1]["usage"]["completion_tokens"], exchange=answer)


@documented("the same error form before streaming starts")
def test_errors_before_the_first_chunk(chat: ChatClient) -> None:
    """Errors before the first chunk have a status and a JSON body, as without streaming."""
    errors.plain(chat.ask(fields={"stream": True}, key=None), 401)
    errors.invalid(chat.complete({"stream": True}))
    errors.refused(streamed(chat, frame_of(UNKNOWN)), chat.version, "stream_not_found")


@mock_only("a live model may say something else each time")
@sends_video(5)
def test_chunks_add_up_to_the_completion(chat: ChatClient, video: VideoStream) -> None:
    """The deltas add up to the text of the unstreamed completion, with the same usage."""
    part = frame_of(video.id, "frame_index=3")
    whole = chat.ask(part).expect(200).json
    answer = streamed(chat, part, **WITH_USAGE)
    pieces = CompletionChunks(answer)
    hold("text", expected=whole["choices"][0]["message"]["content"], seen=pieces.text(), exchange=answer)
    hold("usage", expected=whole["usage"], seen=pieces.all[-1]["usage"], exchange=answer)
    assert len(pieces.with_choices) >= 4, "it comes in several pieces"


@mock_only("how a failure after the first piece is told, no document says")
def test_a_failure_after_the_first_chunk(chat: ChatClient, controls: Controls) -> None:
    """A failure after the first chunk is sent as an event, and the stream still ends with [DONE]."""
    with scripted(controls, {"text": "well"}, {"timeout": True, "error": "too late", "latency_seconds": 0.2}):
        answer = streamed(chat, n=2).expect(200)
    *pieces, failed = sse.chunks(answer)
    hold("the error", expected="too late", seen=failed.get("error", {}).get("message"), exchange=answer)
    assert pieces, "something was said before"
