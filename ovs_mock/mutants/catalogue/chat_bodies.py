"""v1 and v1beta: what of a chat's body is accepted, and what becomes of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import Inline, JsonOutput, ToolChoice
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.edits import at, change
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.message_filters import CHATS
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import bodies, refused

AREA = Area("chat/bodies")
KNOWN = {
    "model",
    "messages",
    "n",
    "max_completion_tokens",
    "max_tokens",
    "temperature",
    "response_format",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "stream",
    "stream_options",
    "thread_id",
}


def _otherwise(name: str, description: str, handle: Callable[[AskChat], AskChat]) -> Mutant:
    """A chat that is carried out otherwise than it was asked for."""
    return AREA(name, f"v1 and v1beta: {description}", engine=edit_command(AskChat, lambda command, _: handle(command)))


def _tools(name: str, description: str, handle: Callable[[AskChat], AskChat]) -> Mutant:
    """The same about tools, which v1beta alone documents."""
    return replace(_otherwise(name, description, handle), area="v1beta/tools", description=f"v1beta: {description}")


def _refuses(name: str, description: str, *loc: str, when: Callable[[Any], bool]) -> Mutant:
    return AREA(name, f"v1 and v1beta: {description}", message_filter=refused(CHATS, *loc, when=when))


def _without(name: str) -> Callable[[Any], Any]:
    return lambda body: {k: v for k, v in body.items() if k != name}


def _messages(body: Any) -> list[Any]:
    messages = at(body, "messages")
    return messages if isinstance(messages, list) else []


def _parts(body: Any) -> list[Any]:
    contents = [at(message, "content") for message in _messages(body)]
    return [part for content in contents if isinstance(content, list) for part in content]


def _urls(body: Any) -> list[str]:
    found = [at(part, "image_url.url") or at(part, "video_url.url") for part in _parts(body)]
    return [url for url in found if isinstance(url, str)]


def _listed(command: AskChat, state: EngineState) -> AskChat:
    """The model whose id is the same but for capitals."""
    by_lower = {entry.id.lower(): entry.id for entry in state.models.list()}
    return replace(command, model=by_lower.get(command.model.lower(), command.model))


def _any_model(command: AskChat, state: EngineState) -> AskChat:
    return command if state.models.get(command.model) else replace(command, model="Qwen/Qwen3.5-9B")


def _one_image(command: AskChat) -> AskChat:
    """Pictures in the request itself are passed over."""
    messages = tuple(
        replace(m, parts=tuple(part for part in m.parts if not isinstance(part, Inline))) for m in command.messages
    )
    return replace(command, messages=messages)


MUTANTS = (
    _otherwise("chat-choices-ignored", "n is ignored", lambda command: replace(command, choices=1)),
    _otherwise(
        "chat-tokens-unlimited", "no limit of tokens holds", lambda command: replace(command, max_output_tokens=None)
    ),
    AREA(
        "chat-max-tokens-ignored",
        "v1 and v1beta: max_tokens is ignored, max_completion_tokens is not",
        message_filter=bodies(CHATS, _without("max_tokens")),
    ),
    AREA(
        "chat-max-completion-tokens-ignored",
        "v1 and v1beta: max_completion_tokens is ignored, max_tokens is not",
        message_filter=bodies(CHATS, _without("max_completion_tokens")),
    ),
    _otherwise("chat-schema-ignored", "response_format is ignored", lambda command: replace(command, output=None)),
    _otherwise(
        "chat-schema-only-object",
        "json_schema gives any object",
        lambda command: replace(command, output=JsonOutput() if command.output else None),
    ),
    _tools(
        "chat-tools-ignored",
        "tools are ignored",
        lambda command: replace(command, tools=(), tool_choice=ToolChoice("none")),
    ),
    _tools(
        "chat-tool-choice-ignored",
        "tool_choice is always auto",
        lambda command: replace(command, tool_choice=ToolChoice("auto")),
    ),
    _tools(
        "chat-tools-always-called",
        "tools are called even with a tool_choice of none",
        lambda command: (
            replace(command, tool_choice=ToolChoice("required"))
            if command.tools and command.tool_choice.mode == "none"
            else command
        ),
    ),
    _tools(
        "chat-parallel-calls-always",
        "parallel_tool_calls is ignored",
        lambda command: replace(command, parallel_tool_calls=True),
    ),
    _otherwise("chat-inline-pictures-ignored", "data: pictures are not looked at", _one_image),
    _refuses("chat-unknown-fields-refused", "unknown fields are refused", when=lambda body: bool(set(body) - KNOWN)),
    _refuses(
        "chat-system-refused",
        "the role system is refused",
        "messages",
        when=lambda body: any(at(m, "role") == "system" for m in _messages(body)),
    ),
    _refuses(
        "chat-tool-role-refused",
        "the role tool is refused",
        "messages",
        when=lambda body: any(at(m, "role") == "tool" for m in _messages(body)),
    ),
    _refuses(
        "chat-text-alone-refused", "chats without media are refused", "messages", when=lambda body: not _urls(body)
    ),
    _refuses(
        "chat-links-refused",
        "https URLs are refused",
        "messages",
        when=lambda body: any(url.startswith("https:") for url in _urls(body)),
    ),
    _refuses(
        "chat-inline-pictures-refused",
        "data: pictures are refused",
        "messages",
        when=lambda body: any(url.startswith("data:") for url in _urls(body)),
    ),
    _refuses(
        "chat-string-content-refused",
        "content that is a string is refused",
        "messages",
        when=lambda body: any(isinstance(at(m, "content"), str) for m in _messages(body)),
    ),
    AREA(
        "chat-empty-messages-accepted",
        "v1 and v1beta: a chat without messages is accepted",
        message_filter=bodies(
            CHATS,
            change("messages", lambda messages: [{"role": "user", "content": "?"}] if messages == [] else messages),
        ),
    ),
    AREA(
        "chat-messages-optional",
        "v1 and v1beta: a chat needs no messages",
        message_filter=bodies(CHATS, lambda body: {"messages": [{"role": "user", "content": "?"}], **body}),
    ),
    AREA(
        "chat-model-optional",
        "v1 and v1beta: a chat needs no model",
        message_filter=bodies(CHATS, lambda body: {"model": "Qwen/Qwen3.5-9B", **body}),
    ),
    AREA(
        "chat-any-role",
        "v1 and v1beta: a role that is not known counts as user",
        message_filter=bodies(
            CHATS,
            change(
                "messages.*.role",
                lambda role: role if role in ("system", "developer", "user", "assistant", "tool") else "user",
            ),
        ),
    ),
    AREA(
        "chat-model-in-any-case",
        "v1 and v1beta: ids of models may be written in small letters",
        engine=edit_command(AskChat, _listed),
    ),
    AREA(
        "chat-unknown-model-accepted",
        "v1 and v1beta: a chat may name a model that nobody knows",
        engine=edit_command(AskChat, _any_model),
    ),
)
