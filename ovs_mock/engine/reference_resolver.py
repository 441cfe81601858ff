"""Resolves the references in a chat to the frames that the model gets."""

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.conversation import (
    Inline,
    Message,
    Part,
    RequestMessage,
    RequestPart,
    ResolvedFrames,
    StreamFrame,
    StreamSegment,
)
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode, RegionError
from ovs_mock.engine.frames import Frame
from ovs_mock.engine.references import Evicted, FrameResolver
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import EngineState
from ovs_mock.engine.stream import Stream


class ReferenceResolver:
    """Resolves the references of one chat. All of its streams must be of one region, and of the caller."""

    def __init__(self, state: EngineState, account: Account, evicted: Evicted, region: str | None, now: int) -> None:
        self._state = state
        self._account = account
        self._evicted = evicted
        self._now = now
        self.region = region

    def resolve(self, message: RequestMessage) -> Message:
        return Message(
            role=message.role,
            parts=tuple(self._part(part, message) for part in message.parts),
            tool_calls=message.tool_calls,
            tool_call_id=message.tool_call_id,
        )

    def _part(self, part: RequestPart, message: RequestMessage) -> Part:
        match part:
            case StreamFrame(stream_id, reference):
                frame = self._resolver(stream_id).frame(reference)
                return ResolvedFrames((frame,), "image", stream_id)
            case StreamSegment(stream_id, reference):
                frames = self._resolver(stream_id).segment(reference)
                return ResolvedFrames(tuple(frames), "video", stream_id)
            case Inline(picture):
                return ResolvedFrames((Frame(-1, self._now, picture),), "image", None)
            case other:
                return other

    def _resolver(self, stream_id: str) -> FrameResolver:
        stream = self._stream(stream_id)
        stream.evict_old_frames(self._now)
        return FrameResolver(stream.frames, stream.first_frame_at or self._now, self._evicted)

    def _stream(self, stream_id: str) -> Stream:
        stream = self._state.streams.get(stream_id)
        if stream is None or not stream.running or stream.rules.service is not Service.CHAT:
            raise CommandRejectedError(ErrorCode.STREAM_NOT_FOUND, "Stream not found.")
        if self._state.account_of(stream) is not self._account:
            raise CommandRejectedError(ErrorCode.STREAM_OF_ANOTHER_USER, "The stream belongs to another user.")
        if stream.region is not None:
            if self.region not in (None, stream.region):
                raise RegionError(stream.region, str(self.region))
            self.region = stream.region
        return stream
