"""The model's default replies, and how it completes scripted replies that leave something open."""

import asyncio
from collections.abc import Callable

from ovs_mock.engine.inference import FailureKind
from ovs_mock.model.default_chat import describe_chat
from ovs_mock.model.description import describe
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.model.response import ModelResponse
from ovs_mock.model.schema_context import NoValueError, UnusableSchemaError
from ovs_mock.model.scripted_tool_calls import ScriptedToolCall
from ovs_mock.model.tools import complete_calls, tools_to_call

_BAD_REQUEST = 400


async def respond(question: Question, reply: Reply, seed: int | None) -> ModelResponse:
    """The response to a question: the scripted reply, or the default when it leaves the content to the model."""
    if not reply.is_default:
        return await _respond_as_scripted(question, reply, seed)
    description = describe(question.frames) if question.mode != "chat" else describe_chat(question)
    calls = tools_to_call(question) if question.tools else ()
    if calls:
        return await _respond_with_calls(calls, question, description, seed)
    if question.json:
        return await _respond_with_json(question, description, seed)
    return ModelResponse(description)


def respond_now(question: Question, reply: Reply) -> ModelResponse:
    """The response to a question of a stream for which no JSON has to be generated."""
    if reply.error is not None:
        return ModelResponse(error=reply.error, failure=reply.kind, upstream_status=reply.upstream_status)
    if reply.tool_calls and question.mode != "chat":
        raise ValueError(f"only chats call tools, and this is a {question.mode}: script these with when(mode='chat')")
    return ModelResponse(describe(question.frames) if reply.is_default else reply.content() or "")


async def _respond_as_scripted(question: Question, reply: Reply, seed: int | None) -> ModelResponse:
    response, calls = respond_now(question, reply), reply.calls()
    if not calls:
        return response
    return await _respond_with_calls(calls, question, describe_chat(question), seed, text=response.text)


async def _respond_with_calls(
    calls: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None, *, text: str = ""
) -> ModelResponse:
    return await _generate(lambda: ModelResponse(text, tuple(complete_calls(calls, question, description, seed))))


async def _respond_with_json(question: Question, description: str, seed: int | None) -> ModelResponse:
    def generate() -> ModelResponse:
        from ovs_mock.model.structured import structured_text

        return ModelResponse(structured_text(question, description, seed))

    return await _generate(generate)


async def _generate(generate: Callable[[], ModelResponse]) -> ModelResponse:
    """Generate a response on another thread, because that may take a while; its error when that fails."""
    try:
        return await asyncio.to_thread(generate)
    except NoValueError as error:
        return ModelResponse(error=str(error))
    except UnusableSchemaError as error:
        return ModelResponse(error=str(error), failure=FailureKind.UPSTREAM, upstream_status=_BAD_REQUEST)
