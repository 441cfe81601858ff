"""Chats whose references lead somewhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import RequestPart, StreamFrame, StreamSegment
from ovs_mock.engine.references import FrameReference, SegmentReference
from ovs_mock.engine.state import EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.engines import Make, asking
from ovs_mock.mutants.message_filters import CHATS
from ovs_mock.mutants.mutant import MakeFilter
from ovs_mock.mutants.requests import bodies

SCHEME = "ovs://"


def frames(change: Callable[[FrameReference, Stream], FrameReference]) -> Make:
    """Other frames than what was asked about; may refuse."""

    def changed(part: RequestPart, world: EngineState) -> RequestPart:
        stream = world.streams.get(part.stream_id) if isinstance(part, StreamFrame) else None
        if stream is None or not isinstance(part, StreamFrame):
            return part
        return replace(part, reference=change(part.reference, stream))

    return parts(changed)


def segments(change: Callable[[SegmentReference, Stream], SegmentReference]) -> Make:
    """Other segments than what was asked about; may refuse."""

    def changed(part: RequestPart, world: EngineState) -> RequestPart:
        stream = world.streams.get(part.stream_id) if isinstance(part, StreamSegment) else None
        if stream is None or not isinstance(part, StreamSegment):
            return part
        return replace(part, reference=change(part.reference, stream))

    return parts(changed)


def parts(change: Callable[[RequestPart, EngineState], RequestPart]) -> Make:
    """Other parts of messages than what was sent."""

    def ask(command: AskChat, world: EngineState) -> AskChat:
        messages = tuple(
            replace(message, parts=tuple(change(part, world) for part in message.parts)) for message in command.messages
        )
        return replace(command, messages=messages)

    return asking(AskChat, ask)


def streams_of(command: AskChat, world: EngineState) -> list[Stream]:
    """The streams that a chat is about."""
    ids = [
        part.stream_id
        for message in command.messages
        for part in message.parts
        if isinstance(part, StreamFrame | StreamSegment)
    ]
    return [world.streams[id_] for id_ in ids if id_ in world.streams]


def urls(change: Callable[[str], str]) -> MakeFilter:
    """The queries of ``ovs://`` URLs are understood otherwise than they were written."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: changed(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [changed(inner) for inner in value]
        if isinstance(value, str) and value.startswith(SCHEME) and "?" in value:
            base, _, query = value.partition("?")
            return f"{base}?{change(query)}"
        return value

    return bodies(CHATS, changed)


@contextmanager
def running(streams: list[Stream]) -> Iterator[None]:
    """The streams count as running, though they have ended."""
    endings = [stream.ending for stream in streams]
    for stream in streams:
        stream.ending = None
    try:
        yield
    finally:
        for stream, ending in zip(streams, endings, strict=True):
            stream.ending = ending
