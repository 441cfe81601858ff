"""The messages of a chat, as scripts and assertions see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from ovs_mock.engine.conversation import Link, Message, Part, ResolvedFrames, Role, Text, ToolCall
from ovs_mock.model.frame_view import FrameView


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """A picture or a video in a message. ``stream_id`` is ``None`` for a picture that stood in the request itself."""

    kind: Literal["image", "video"]
    frames: tuple[FrameView, ...]
    stream_id: str | None


@dataclass(frozen=True, slots=True, eq=False)
class ChatMessage:
    """A message of a chat. ``tool_call_id`` says which call a message of the role ``tool`` answers."""

    role: Role
    parts: tuple[Text | Media | Link, ...]
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """All text of the message."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def media(self) -> tuple[Media, ...]:
        """The pictures and videos of the message that come from streams or stood in the request."""
        return tuple(part for part in self.parts if isinstance(part, Media))

    @property
    def links(self) -> tuple[str, ...]:
        """The other addresses of pictures and videos, which nobody looks at."""
        return tuple(part.url for part in self.parts if isinstance(part, Link))

    @property
    def frames(self) -> tuple[FrameView, ...]:
        """All frames of the message."""
        return tuple(frame for part in self.parts if isinstance(part, Media) for frame in part.frames)


def with_frames(
    messages: Iterable[Message] | Iterable[ChatMessage], frames: Iterable[FrameView]
) -> tuple[ChatMessage, ...]:
    """The messages with these frames, which are those of all parts in order, in the place of their own."""
    following = iter(frames)
    return tuple(
        ChatMessage(
            message.role,
            tuple([_part_with_frames(part, following) for part in message.parts]),
            message.tool_calls,
            message.tool_call_id,
        )
        for message in messages
    )


def _part_with_frames(part: Part | Media, following: Iterator[FrameView]) -> Text | Media | Link:
    if isinstance(part, ResolvedFrames | Media):
        return Media(part.kind, tuple(islice(following, len(part.frames))), part.stream_id)
    return part
