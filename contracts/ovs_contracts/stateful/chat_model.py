"""What streams of v1 and v1beta should do, in a few lines, written from the documents."""

from dataclasses import dataclass, field

from ovs_contracts.stateful.frame_model import EMPTY, GONE, INVALID, KEPT_MS, NOT_FOUND, NOT_YET, FrameModel
from ovs_contracts.stateful.readable import Readable
from ovs_contracts.stateful.target_clock import ClockBounds

LEASE = 300
TOMBSTONE = 60

# The status, and in v1beta the code, of a reference that leads to no frames.
REFUSALS: dict[str, dict[str, tuple[int, str | None]]] = {
    "v1": dict.fromkeys((GONE, NOT_YET, NOT_FOUND, INVALID, EMPTY), (422, None)),
    "v1beta": {
        GONE: (410, "frame_evicted"),
        NOT_YET: (409, "frame_not_yet_produced"),
        NOT_FOUND: (404, "frame_not_found"),
        INVALID: (400, "segment_invalid"),
        EMPTY: (404, "segment_empty"),
    },
}


@dataclass(repr=False)
class ChatStreamModel(Readable):
    """One stream, running or ended."""

    id: str
    number: int
    created: ClockBounds
    lease: ClockBounds
    tokens: set[str]
    """Tokens to publish that were given out."""
    film: FrameModel = field(default_factory=FrameModel)
    plays: list[ClockBounds] = field(default_factory=list)
    """From the first to the last frame of each piece of video."""
    ended: tuple[str, ClockBounds] | None = None

    def __repr__(self) -> str:
        return f"stream_{self.number}"

    def deadlines(self) -> list[ClockBounds]:
        """When it changes by itself."""
        if self.ended:
            return [self.ended[1] + TOMBSTONE]
        return [self.lease, *(play + KEPT_MS / 1000 for play in self.plays)]

    def age(self, now: ClockBounds) -> None:
        """End by the lease if that is over, and let old frames go."""
        if self.ended is None and self.lease.latest < now.earliest:
            self.end("expired", self.lease)
        elif self.ended is None:
            self._evict(now)

    def end(self, why: str, at: ClockBounds) -> None:
        """What is shown of it stays as it is now."""
        self._evict(at)
        self.ended = why, at

    def buried(self, now: ClockBounds) -> bool:
        return self.ended is not None and (self.ended[1] + TOMBSTONE).latest < now.earliest

    def _evict(self, now: ClockBounds) -> None:
        edge = now.earliest * 1000 - KEPT_MS
        while self.film.evicted < self.film.count and self.film.times[self.film.evicted] < edge:
            self.film.evicted += 1


def access(version: str, caller: str, stream: ChatStreamModel, *, chat: bool) -> tuple[int, str | None] | None:
    """The status, and in chats of v1beta the code, for a caller who may not refer to a stream."""
    if caller == "nobody":
        return 401, None
    if stream.ended:
        return 404, "stream_not_found"
    if caller == "stranger":
        return (403, "stream_unauthorized") if chat and version == "v1beta" else (404, None)
    return None
