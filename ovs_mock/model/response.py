"""The model's response, and the engine's answer that it becomes within the limits of the question."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.inference import Answer, FailureKind, FinishReason, Usage
from ovs_mock.engine.instants import micros
from ovs_mock.engine.tokens import picture_tokens, text_tokens, truncate
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.util.records import record


@record(frozen=True, slots=True)
class ModelResponse:
    """A text, calls of tools, or both; or an error."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    error: str | None = None
    failure: FailureKind = FailureKind.MODEL
    upstream_status: int | None = None

    @property
    def tokens(self) -> int:
        """The tokens of the text and of the calls' arguments."""
        return text_tokens(self.text) + sum([text_tokens(call.arguments) for call in self.calls])


@record(frozen=True, slots=True)
class Pacing:
    """The pace of replies that have none of their own: seconds until they begin, and tokens per second."""

    latency: float | None = None
    tokens_per_second: float | None = None


def build_answer(question: Question, reply: Reply, response: ModelResponse, pacing: Pacing) -> Answer:
    """The answer with the response's content, and the pace and finish reason that ``reply`` asks for."""
    tokens, limit = response.tokens, question.max_output_tokens
    truncated = response if limit is None or tokens <= limit else _truncated(response, limit)
    latency = pacing.latency if reply.latency is None else reply.latency
    pace = pacing.tokens_per_second if reply.tokens_per_second is None else reply.tokens_per_second
    return Answer(
        text=truncated.text,
        tool_calls=truncated.calls,
        error=response.error,
        failure=response.failure,
        upstream_status=response.upstream_status,
        finish_reason=reply.finish_reason or _finish_reason(response, truncated),
        latency=None if latency is None else micros(latency),
        tokens_per_second=pace,
        usage=Usage(
            prompt_tokens=_prompt_tokens(question),
            completion_tokens=tokens if truncated is response else truncated.tokens,
        ),
    )


def _truncated(response: ModelResponse, limit: int) -> ModelResponse:
    """As much as the limit allows, the text first. Truncated arguments are not JSON, as in production."""
    text = truncate(response.text, limit)
    return replace(response, text=text, calls=tuple(_truncated_calls(response.calls, limit - text_tokens(text))))


def _truncated_calls(calls: Sequence[ToolCall], limit: int) -> Iterator[ToolCall]:
    for call in calls:
        if limit <= 0:
            return
        arguments = truncate(call.arguments, limit)
        limit -= text_tokens(arguments)
        yield ToolCall(call.id, call.name, arguments)


def _finish_reason(response: ModelResponse, truncated: ModelResponse) -> FinishReason | None:
    if response.error is not None:
        return None
    if truncated is not response:
        return "length"
    return "tool_calls" if response.calls else "stop"


def _prompt_tokens(question: Question) -> int:
    """0 for a chat, whose tokens are counted elsewhere: with all its messages, by its model's rule for pictures."""
    if question.mode == "chat":
        return 0
    pictures = [picture_tokens(each.width, each.height) for each in [frame.observation for frame in question.frames]]
    return text_tokens(question.prompt) + sum(pictures)
