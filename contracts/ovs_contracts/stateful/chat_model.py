"""What streams of v1 and v1beta should do, in a few lines, written from the documents."""

from dataclasses import dataclass, field

from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.documents.versions import ContractVersion, chat_versions
from ovs_contracts.stateful.frame_model import FrameModel
from ovs_contracts.stateful.readable import Readable

# The versions share their streams, and so these durations.
RETENTION = max(version.retention_seconds for version in chat_versions())
KEPT_MS = max(version.frame_buffer_seconds for version in chat_versions()) * 1000.0


Refusal = tuple[int, str | None]
"""The status of an error, and its code where the version has codes."""


@dataclass(repr=False)
class ChatStreamModel(Readable):
    """One stream, running or ended."""

    id: str
    number: int
    created: ClockBounds
    lease: ClockBounds
    tokens: set[str]
    """Tokens to publish that were given out."""
    frames: FrameModel = field(default_factory=FrameModel)
    video: list[ClockBounds] = field(default_factory=list)
    """From the first to the last frame of each piece of video."""
    ended: tuple[str, ClockBounds] | None = None

    def __repr__(self) -> str:
        return f"stream_{self.number}"

    def deadlines(self) -> list[ClockBounds]:
        """When it changes by itself."""
        if self.ended:
            return [self.ended[1] + RETENTION]
        return [self.lease, *(play + KEPT_MS / 1000 for play in self.video)]

    def advance(self, now: ClockBounds) -> None:
        """End by the lease if that is over, and let old frames go."""
        if self.ended is None and self.lease.latest < now.earliest:
            self.end("expired", self.lease)
        elif self.ended is None:
            self._evict(now)

    def end(self, why: str, at: ClockBounds) -> None:
        """What is shown of it stays as it is now."""
        self._evict(at)
        self.ended = why, at

    def is_removed(self, now: ClockBounds) -> bool:
        return self.ended is not None and (self.ended[1] + RETENTION).latest < now.earliest

    def _evict(self, now: ClockBounds) -> None:
        edge = now.earliest * 1000 - KEPT_MS
        while self.frames.evicted < self.frames.count and self.frames.times[self.frames.evicted] < edge:
            self.frames.evicted += 1


def refusal(version: ContractVersion, code: str) -> Refusal:
    """The status of an error of a reference and, in versions that have codes, its code."""
    return version.error_statuses[code], code if version.error_form == "typed" else None


def access(version: ContractVersion, caller: str, stream: ChatStreamModel, *, chat: bool) -> Refusal | None:
    """The status, and in chats with typed errors the code, for a caller that may not refer to a stream."""
    if caller == "nobody":
        return 401, None
    if stream.ended:
        return refusal(version, "stream_not_found")
    if caller == "stranger":
        return refusal(version, "stream_unauthorized") if chat else (404, None)
    return None
