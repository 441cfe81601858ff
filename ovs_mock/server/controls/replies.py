"""From scripted replies in JSON to those of the model. Pure."""

from typing import Any

from ovs_mock.model import Reply, ScriptedModel
from ovs_mock.model.scripted_tool_calls import GivenCall
from ovs_mock.server.controls.schemas import CallBody, InvalidControlBodyError, RepliesBody, ReplyBody, WhenBody

FAILURES = ("blocked", "timeout", "unreachable", "upstream_status")


def script(model: ScriptedModel, asked: RepliesBody) -> None:
    """Let the model reply so. WrongBodyError for replies that cannot be sent."""
    try:
        replies = [reply(body) for body in asked.reply]
        model.when(**_conditions(asked.when)).reply(*replies, times=asked.times, optional=asked.optional)
    except (TypeError, ValueError) as error:
        raise InvalidControlBodyError(f"reply: {error}") from None


def reply(asked: ReplyBody) -> Reply:
    """The Reply that is meant; TypeError or ValueError when it cannot be sent."""
    failures = [name for name in FAILURES if getattr(asked, name) not in (None, False)]
    if failures:
        return _failure(asked, failures)
    given: dict[str, Any] = {"json": asked.json_} if "json_" in asked.model_fields_set else {}
    return Reply(
        asked.text,
        **given,
        tool_calls=tuple(_call(call) for call in asked.tool_calls),
        error=asked.error,
        finish_reason=asked.finish_reason,
        latency=asked.latency_seconds,
        tokens_per_second=asked.tokens_per_second,
    )


def _failure(asked: ReplyBody, failures: list[str]) -> Reply:
    """One of the failures that chats tell apart; ``error`` is its message, or the body of the provider's answer."""
    allowed = {failures[0], "error", "latency_seconds"}
    others = sorted(asked.model_fields_set - allowed)
    if others:
        raise ValueError(f"{failures[0]} goes with error and latency_seconds only, not with {', '.join(others)}")
    latency, message = asked.latency_seconds, asked.error
    said = () if message is None else (message,)
    match failures[0]:
        case "blocked":
            return Reply.blocked(*said, latency=latency)
        case "timeout":
            return Reply.timeout(*said, latency=latency)
        case _:
            return Reply.upstream(asked.upstream_status, message, latency=latency)


def _call(asked: CallBody) -> GivenCall:
    return asked.name if asked.arguments is None else (asked.name, asked.arguments)


def _conditions(asked: WhenBody) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in asked.model_fields_set}
