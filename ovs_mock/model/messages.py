"""The messages of a chat, as scripts and assertions see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ovs_mock.engine.conversation import Link, Message, Part, ResolvedFrames, Role, Text, ToolCall
from ovs_mock.model.frame_view import FrameView


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """A picture or a video in a message of a chat.

    Attributes:
        kind: ``"image"`` or ``"video"``.
        frames: Its frames, oldest first; one for a picture.
        stream_id: The stream that they come from; ``None`` for a picture in the request itself.
    """

    kind: Literal["image", "video"]
    frames: tuple[FrameView, ...]
    stream_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ChatMessage:
    """A message of a chat.

    Attributes:
        role: ``"system"``, ``"developer"``, ``"user"``, ``"assistant"`` or ``"tool"``.
        parts: Texts, pictures and videos, and links that nobody fetches, in order.
        tool_calls: The calls that a message of the assistant makes.
        tool_call_id: The id of the call that a message of the role ``tool`` answers; else ``None``.
    """

    role: Role
    parts: tuple[Text | Media | Link, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """The texts of the message, joined by newlines."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def media(self) -> tuple[Media, ...]:
        """The pictures and videos of the message that come from streams or from the request itself."""
        return tuple(part for part in self.parts if isinstance(part, Media))

    @property
    def links(self) -> tuple[str, ...]:
        """The URLs of other pictures and videos, which the mock does not fetch."""
        return tuple(part.url for part in self.parts if isinstance(part, Link))

    @property
    def frames(self) -> tuple[FrameView, ...]:
        """The frames of all pictures and videos of the message, in order."""
        return tuple(frame for part in self.parts if isinstance(part, Media) for frame in part.frames)


def with_frames(
    messages: Iterable[Message] | Iterable[ChatMessage], frames: Iterable[FrameView]
) -> tuple[ChatMessage, ...]:
    """The messages with their frames replaced by these, which are those of all parts, in order."""
    views = iter(frames)
    return tuple(
        ChatMessage(
            message.role,
            tuple([_part_with_frames(part, views) for part in message.parts]),
            message.tool_calls,
            message.tool_call_id,
        )
        for message in messages
    )


def _part_with_frames(part: Part | Media, frames: Iterator[FrameView]) -> Text | Media | Link:
    if isinstance(part, ResolvedFrames | Media):
        return Media(part.kind, tuple(islice(frames, len(part.frames))), part.stream_id)
    return part
