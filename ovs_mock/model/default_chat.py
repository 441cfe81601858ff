"""The honest reply in a chat: what there was to see, or else what was said."""

from collections.abc import Iterator

from ovs_mock.engine.conversation import Link
from ovs_mock.model.description import describe, describe_picture
from ovs_mock.model.messages import ChatMessage, Media
from ovs_mock.model.question import Question

# Longer texts and addresses are shortened, as replies have few tokens.
_QUOTED = 80
_LONGEST_RESULT = 400


def chat_words(question: Question) -> str:
    """What the frames were, part by part; without any, what the user said; after a tool, what the tool said.

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
    several = len(question.stream_ids) > 1
    lines = [_part(part, named=several) for part in parts]
    return "; ".join(lines if question.frames else ["No frames", *lines])


def _part(part: Media | Link, *, named: bool) -> str:
    """A picture or a video, with the stream's name where there are several."""
    if isinstance(part, Link):
        return f"link {_short(part.url)} not fetched"
    if part.stream_id is None:
        return f"{part.kind}: {describe_picture(part.frames)}"
    return f"{part.kind}{f' of {part.stream_id}' if named else ''}: {describe(part.frames)}"


def _tool_results(messages: tuple[ChatMessage, ...]) -> Iterator[str]:
    """What the tools said since anybody else spoke."""
    start = len(messages)
    while start and messages[start - 1].role == "tool":
        start -= 1
    called = {call.id: call.name for message in messages for call in message.tool_calls}
    for message in messages[start:]:
        name = called.get(message.tool_call_id or "")
        yield f"The tool{f' {name}' if name else ''} said: {_short(message.text, _LONGEST_RESULT)}"


def _echo(prompt: str) -> str:
    return f'No frames. You said: "{_short(" ".join(prompt.split()))}"' if prompt.strip() else "No frames."


def _short(text: str, longest: int = _QUOTED) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
