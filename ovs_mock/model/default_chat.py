"""The default reply in a chat: what the frames show, or else what the user or a tool said."""

from collections.abc import Iterator

from ovs_mock.engine.conversation import Link
from ovs_mock.model.description import describe, describe_picture
from ovs_mock.model.messages import ChatMessage, Media
from ovs_mock.model.question import Question

# Characters. Longer texts and addresses are shortened, because replies have few tokens.
_MAX_QUOTED = 80
_MAX_TOOL_RESULT = 400


def describe_chat(question: Question) -> str:
    """Describes the frames, part by part; without any, quotes the user; after a tool's message, quotes the tool.

    ``1 frame #12, 640x480, red, stamp 12`` for the only part, else such as
    ``image: 1 frame #12, 640x480, red; video: 3 frames #2 #3 #4, 640x480, blue; link https://... not fetched``.
    """
    results = list(_tool_results(question.messages))
    if results:
        return "\n".join(results)
    parts = [part for message in question.messages for part in message.parts if isinstance(part, Media | Link)]
    match parts:
        case []:
            return _echo(question.prompt)
        case [Media(stream_id=str(), frames=frames)]:
            return describe(frames)
    with_ids = len(question.stream_ids) > 1
    lines = [_describe_part(part, with_id=with_ids) for part in parts]
    return "; ".join(lines if question.frames else ["No frames", *lines])


def _describe_part(part: Media | Link, *, with_id: bool) -> str:
    """Describes a picture or a video; with the stream's id where there are several streams."""
    if isinstance(part, Link):
        return f"link {_shortened(part.url)} not fetched"
    if part.stream_id is None:
        return f"{part.kind}: {describe_picture(part.frames)}"
    return f"{part.kind}{f' of {part.stream_id}' if with_id else ''}: {describe(part.frames)}"


def _tool_results(messages: tuple[ChatMessage, ...]) -> Iterator[str]:
    """Quotes the tools' messages at the end of the chat."""
    start = len(messages)
    while start and messages[start - 1].role == "tool":
        start -= 1
    names = {call.id: call.name for message in messages for call in message.tool_calls}
    for message in messages[start:]:
        name = names.get(message.tool_call_id or "")
        yield f"The tool{f' {name}' if name else ''} said: {_shortened(message.text, _MAX_TOOL_RESULT)}"


def _echo(prompt: str) -> str:
    return f'No frames. You said: "{_shortened(" ".join(prompt.split()))}"' if prompt.strip() else "No frames."


def _shortened(text: str, longest: int = _MAX_QUOTED) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
