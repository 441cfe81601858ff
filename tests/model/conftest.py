"""Chats to ask the model, in few words."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Literal

import pytest

from ovs_mock.engine.conversation import Conversation, Message, Part, ResolvedFrames, Text
from ovs_mock.engine.frames import Frame
from ovs_mock.engine.inference import Inference, Purpose
from ovs_mock.engine.instants import SECOND
from ovs_mock.video.patterns import solid
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import write_stamp


class Coloured:
    """A picture of one colour, stamped with its number unless that is negative."""

    width, height = 640, 480

    def __init__(self, colour: str, number: int) -> None:
        self._colour = colour
        self._number = number

    def rgb(self) -> Rgb:
        pixels = solid(self._colour)
        return pixels if self._number < 0 else write_stamp(pixels, self._number, self._number)


def _shown(
    colour: str, *indices: int, kind: Literal["image", "video"] = "image", stream: str | None = "stream-1"
) -> ResolvedFrames:
    return ResolvedFrames(tuple(Frame(n, n * SECOND, Coloured(colour, n)) for n in indices), kind, stream)


def _chat(*said: str | Part | Message, **changes: Any) -> Inference:
    """Texts and parts make one message of the user; changes are those of the conversation and of the inference."""
    messages: list[Message] = []
    for each in said:
        if isinstance(each, Message):
            messages.append(each)
            continue
        part = Text(each) if isinstance(each, str) else each
        if messages and messages[-1].role == "user":
            messages[-1] = Message(role="user", parts=(*messages[-1].parts, part))
        else:
            messages.append(Message(role="user", parts=(part,)))
    of_chat = {field.name: changes.pop(field.name) for field in fields(Conversation) if field.name in changes}
    conversation = Conversation(messages=tuple(messages), **of_chat)
    asked: dict[str, Any] = {"id": "chatcmpl-1/0", "stream_id": None, "model": "m", "backend": "overshoot", "due_at": 0}
    return Inference(
        purpose=Purpose.CHAT,
        mode="chat",
        prompt=conversation.last_user_text,
        frames=conversation.frames,
        output_schema=conversation.output.schema if conversation.output else None,
        conversation=conversation,
        **asked | changes,
    )


@pytest.fixture(scope="session")
def chat() -> Callable[..., Inference]:
    """Makes a chat of texts, parts and messages."""
    return _chat


@pytest.fixture(scope="session")
def shown() -> Callable[..., ResolvedFrames]:
    """Makes a picture or video of stamped frames of one colour."""
    return _shown
