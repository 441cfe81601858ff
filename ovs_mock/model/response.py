"""What the model says, and the answer that becomes of it within the limits of the question."""

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
        """Those of the text and of the calls' arguments."""
        return text_tokens(self.text) + sum([text_tokens(call.arguments) for call in self.calls])


@record(frozen=True, slots=True)
class Pacing:
    """How long replies take that do not say themselves: the seconds until they begin, and their tokens a second."""

    latency: float | None = None
    tokens_per_second: float | None = None


def answer_of(question: Question, reply: Reply, said: ModelResponse, tempo: Pacing) -> Answer:
    """The answer with what was said, as fast and with such an end as ``reply`` asks for."""
    tokens, limit = said.tokens, question.max_output_tokens
    kept = said if limit is None or tokens <= limit else _within(said, limit)
    latency = tempo.latency if reply.latency is None else reply.latency
    pace = tempo.tokens_per_second if reply.tokens_per_second is None else reply.tokens_per_second
    return Answer(
        text=kept.text,
        tool_calls=kept.calls,
        error=said.error,
        failure=said.failure,
        upstream_status=said.upstream_status,
        finish_reason=reply.finish_reason or _end(said, kept),
        latency=None if latency is None else micros(latency),
        tokens_per_second=pace,
        usage=Usage(prompt_tokens=_prompt_tokens(question), completion_tokens=tokens if kept is said else kept.tokens),
    )


def _within(said: ModelResponse, limit: int) -> ModelResponse:
    """As much of it as the limit holds, the text first. Cut arguments are no longer JSON: that is what clients get."""
    text = truncate(said.text, limit)
    return replace(said, text=text, calls=tuple(_calls_within(said.calls, limit - text_tokens(text))))


def _calls_within(calls: Sequence[ToolCall], limit: int) -> Iterator[ToolCall]:
    for call in calls:
        if limit <= 0:
            return
        arguments = truncate(call.arguments, limit)
        limit -= text_tokens(arguments)
        yield ToolCall(call.id, call.name, arguments)


def _end(said: ModelResponse, kept: ModelResponse) -> FinishReason | None:
    if said.error is not None:
        return None
    if kept is not said:
        return "length"
    return "tool_calls" if said.calls else "stop"


def _prompt_tokens(question: Question) -> int:
    """None of a chat: those are counted with all its messages, and by its model's rule for pictures, elsewhere."""
    if question.mode == "chat":
        return 0
    pictures = [picture_tokens(seen.width, seen.height) for seen in [frame.seen for frame in question.frames]]
    return text_tokens(question.prompt) + sum(pictures)
