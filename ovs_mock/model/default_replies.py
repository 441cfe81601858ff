"""What the model says by itself, and how it completes what a script leaves to it."""

import asyncio
from collections.abc import Callable

from ovs_mock.engine.inference import FailureKind
from ovs_mock.model.default_chat import chat_words
from ovs_mock.model.description import describe
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.model.response import ModelResponse
from ovs_mock.model.schema_context import NoValueError, UnusableSchemaError
from ovs_mock.model.scripted_tool_calls import ScriptedToolCall
from ovs_mock.model.tools import completed, wanted_tools

_BAD_REQUEST = 400


async def said_to(question: Question, reply: Reply, seed: int | None) -> ModelResponse:
    """What is said to a question: what the reply holds, or what the model says by itself."""
    if not reply.is_open:
        return await _scripted(question, reply, seed)
    description = describe(question.frames) if question.mode != "chat" else chat_words(question)
    wanted = wanted_tools(question) if question.tools else ()
    if wanted:
        return await _calling(wanted, question, description, seed)
    if question.json:
        return await _structured(question, description, seed)
    return ModelResponse(description)


def said_at_once(question: Question, reply: Reply) -> ModelResponse:
    """What is said to a question of a stream for which no JSON has to be made up."""
    if reply.error is not None:
        return ModelResponse(error=reply.error, failure=reply.kind, upstream_status=reply.upstream_status)
    if reply.tool_calls and question.mode != "chat":
        raise ValueError(f"only chats call tools, and this is a {question.mode}: script these with when(mode='chat')")
    return ModelResponse(describe(question.frames) if reply.is_open else reply.content() or "")


async def _scripted(question: Question, reply: Reply, seed: int | None) -> ModelResponse:
    said = said_at_once(question, reply)
    wanted = reply.calls()
    return await _calling(wanted, question, chat_words(question), seed, text=said.text) if wanted else said


async def _calling(
    wanted: tuple[ScriptedToolCall, ...], question: Question, description: str, seed: int | None, *, text: str = ""
) -> ModelResponse:
    return await _made_up(lambda: ModelResponse(text, tuple(completed(wanted, question, description, seed))))


async def _structured(question: Question, description: str, seed: int | None) -> ModelResponse:
    def make() -> ModelResponse:
        from ovs_mock.model.structured import structured_text

        return ModelResponse(structured_text(question, description, seed))

    return await _made_up(make)


async def _made_up(make: Callable[[], ModelResponse]) -> ModelResponse:
    """What is made on another thread, as that may take a while, or why it cannot be made."""
    try:
        return await asyncio.to_thread(make)
    except NoValueError as error:
        return ModelResponse(error=str(error))
    except UnusableSchemaError as error:
        return ModelResponse(error=str(error), failure=FailureKind.UPSTREAM, upstream_status=_BAD_REQUEST)
