"""From the body of a chat completion to a command. Pure, but for pictures that are decoded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ovs_mock.api.bodies import validate
from ovs_mock.api.chat.images import ImageError, inline_picture, is_data_url
from ovs_mock.api.chat.ovs_url import is_ovs_url, parse_frame, parse_segment
from ovs_mock.api.chat.schemas import ChatBody, ImagePart, MessageBody, NamedChoice, PartBody, TextPart
from ovs_mock.api.errors import OvsUrlError, problem
from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import (
    Inline,
    JsonOutput,
    Link,
    RequestMessage,
    RequestPart,
    StreamFrame,
    StreamSegment,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
)
from ovs_mock.engine.references import Evicted

Loc = tuple[str | int, ...]
R = TypeVar("R")

ANY_ARGUMENTS: dict[str, Any] = {"type": "object", "properties": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """A chat, and how its answer is to be sent."""

    command: AskChat
    streamed: bool
    include_usage: bool


def ask_chat(
    key: str | None, body: Any, *, evicted: Evicted, rate_limited: bool, region: str | None, api_version: str = ""
) -> ChatRequest:
    """The command of ``POST /chat/completions``; raises InvalidBodyError, and OvsUrlError with its place."""
    request = validate(ChatBody, body)
    command = AskChat(
        key=key,
        model=request.model,
        messages=tuple(_message(message, ("messages", at)) for at, message in enumerate(request.messages)),
        evicted=evicted,
        rate_limited=rate_limited,
        choices=request.n or 1,
        max_output_tokens=request.max_completion_tokens or request.max_tokens,
        temperature=request.temperature,
        output=_output(request),
        tools=_tools(request),
        tool_choice=_tool_choice(request),
        parallel_tool_calls=request.parallel_tool_calls is not False,
        thread_id=request.thread_id,
        region=region,
        api_version=api_version,
    )
    include_usage = request.stream_options is not None and request.stream_options.include_usage
    return ChatRequest(command=command, streamed=bool(request.stream), include_usage=include_usage)


def _message(message: MessageBody, loc: Loc) -> RequestMessage:
    parts = enumerate(message.content or ())
    calls = message.tool_calls or ()
    return RequestMessage(
        role=message.role,
        parts=tuple(_part(part, (*loc, "content", at)) for at, part in parts),
        tool_calls=tuple(ToolCall(call.id, call.function.name, call.function.arguments) for call in calls),
        tool_call_id=message.tool_call_id,
    )


def _part(part: PartBody, loc: Loc) -> RequestPart:
    if isinstance(part, TextPart):
        return Text(part.text)
    if isinstance(part, ImagePart):
        return _image(part.image_url.url, (*loc, "image_url", "url"))
    return _video(part.video_url.url, (*loc, "video_url", "url"))


def _image(url: str, loc: Loc) -> RequestPart:
    if is_ovs_url(url):
        return StreamFrame(*_located(parse_frame, url, loc))
    if not is_data_url(url):
        return Link(url, "image")
    try:
        return Inline(inline_picture(url))
    except ImageError as error:
        raise problem(loc, str(error)) from None


def _video(url: str, loc: Loc) -> RequestPart:
    if is_ovs_url(url):
        return StreamSegment(*_located(parse_segment, url, loc))
    return Link(url, "video")


def _located(parse: Callable[[str], R], url: str, loc: Loc) -> R:
    try:
        return parse(url)
    except OvsUrlError as error:
        error.loc = loc
        raise


def _output(request: ChatBody) -> JsonOutput | None:
    wanted = request.response_format
    if wanted is None or wanted.type == "text":
        return None
    named = wanted.json_schema if wanted.type == "json_schema" else None
    return JsonOutput(named.schema_ if named else None)


def _tools(request: ChatBody) -> tuple[Tool, ...]:
    functions = [tool.function for tool in request.tools or ()]
    return tuple(Tool(f.name, f.parameters or ANY_ARGUMENTS, f.description or "") for f in functions)


def _tool_choice(request: ChatBody) -> ToolChoice:
    match request.tool_choice:
        case NamedChoice(function=function):
            return ToolChoice("required", function.name)
        case None:
            return ToolChoice("auto")
        case mode:
            return ToolChoice(mode)
