"""Scripts replies from JSON. Pure."""

from typing import Any

from ovs_mock.model import Reply, ScriptedModel
from ovs_mock.model.scripted_tool_calls import ToolCallValue
from ovs_mock.server.controls.errors import InvalidControlBodyError
from ovs_mock.server.controls.schemas import CallBody, RepliesBody, ReplyBody, WhenBody

FAILURES = ("blocked", "timeout", "unreachable", "upstream_status")


def script(model: ScriptedModel, body: RepliesBody) -> None:
    """Script the replies; raises InvalidControlBodyError for replies that cannot be sent."""
    try:
        replies = [reply(each) for each in body.reply]
        model.when(**_conditions(body.when)).reply(*replies, times=body.times, optional=body.optional)
    except (TypeError, ValueError) as error:
        raise InvalidControlBodyError(f"reply: {error}") from None


def reply(body: ReplyBody) -> Reply:
    """The Reply; raises TypeError or ValueError when it cannot be sent."""
    failures = [name for name in FAILURES if getattr(body, name) not in (None, False)]
    if failures:
        return _failure(body, failures)
    given: dict[str, Any] = {"json": body.json_} if "json_" in body.model_fields_set else {}
    return Reply(
        body.text,
        **given,
        tool_calls=tuple(_call(call) for call in body.tool_calls),
        error=body.error,
        finish_reason=body.finish_reason,
        latency=body.latency_seconds,
        tokens_per_second=body.tokens_per_second,
    )


def _failure(body: ReplyBody, failures: list[str]) -> Reply:
    """A failure of the model; ``error`` is its message, or the body of the provider's response."""
    allowed = {failures[0], "error", "latency_seconds"}
    others = sorted(body.model_fields_set - allowed)
    if others:
        raise ValueError(f"{failures[0]} goes with error and latency_seconds only, not with {', '.join(others)}")
    latency, message = body.latency_seconds, body.error
    given = () if message is None else (message,)
    match failures[0]:
        case "blocked":
            return Reply.blocked(*given, latency=latency)
        case "timeout":
            return Reply.timeout(*given, latency=latency)
        case _:
            return Reply.upstream(body.upstream_status, message, latency=latency)


def _call(body: CallBody) -> ToolCallValue:
    return body.name if body.arguments is None else (body.name, body.arguments)


def _conditions(body: WhenBody) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.model_fields_set}
