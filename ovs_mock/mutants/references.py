"""Hooks that change which frames and segments a chat refers to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.conversation import RequestPart, StreamFrame, StreamSegment
from ovs_mock.engine.references import FrameReference, SegmentReference
from ovs_mock.engine.state import EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.mutants.engines import EngineFactory, edit_command
from ovs_mock.mutants.message_filters import CHATS
from ovs_mock.mutants.mutant import MakeFilter
from ovs_mock.mutants.requests import bodies

SCHEME = "ovs://"


def frames(change: Callable[[FrameReference, Stream], FrameReference]) -> EngineFactory:
    """Change references to frames; ``change`` may reject the command."""

    def changed(part: RequestPart, state: EngineState) -> RequestPart:
        stream = state.streams.get(part.stream_id) if isinstance(part, StreamFrame) else None
        if stream is None or not isinstance(part, StreamFrame):
            return part
        return replace(part, reference=change(part.reference, stream))

    return parts(changed)


def segments(change: Callable[[SegmentReference, Stream], SegmentReference]) -> EngineFactory:
    """Change references to segments; ``change`` may reject the command."""

    def changed(part: RequestPart, state: EngineState) -> RequestPart:
        stream = state.streams.get(part.stream_id) if isinstance(part, StreamSegment) else None
        if stream is None or not isinstance(part, StreamSegment):
            return part
        return replace(part, reference=change(part.reference, stream))

    return parts(changed)


def parts(change: Callable[[RequestPart, EngineState], RequestPart]) -> EngineFactory:
    """Change the parts of a chat's messages."""

    def ask(command: AskChat, state: EngineState) -> AskChat:
        messages = tuple(
            replace(message, parts=tuple(change(part, state) for part in message.parts)) for message in command.messages
        )
        return replace(command, messages=messages)

    return edit_command(AskChat, ask)


def streams_of(command: AskChat, state: EngineState) -> list[Stream]:
    """Return the streams that a chat refers to."""
    ids = [
        part.stream_id
        for message in command.messages
        for part in message.parts
        if isinstance(part, StreamFrame | StreamSegment)
    ]
    return [state.streams[id_] for id_ in ids if id_ in state.streams]


def urls(change: Callable[[str], str]) -> MakeFilter:
    """Change the queries of ``ovs://`` URLs."""

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
    """Let streams that have ended count as running."""
    endings = [stream.ending for stream in streams]
    for stream in streams:
        stream.ending = None
    try:
        yield
    finally:
        for stream, ending in zip(streams, endings, strict=True):
            stream.ending = ending
