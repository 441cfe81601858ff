"""What v0.2 should do: leases, charges, states and results, in a few lines, written from the documents."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from ovs_contracts.client.timing import ClockBounds
from ovs_contracts.documents.versions import version
from ovs_contracts.stateful.readable import Readable

VERSION = version("v0.2")
LEASE = VERSION.lease_seconds
IDLE_AFTER = VERSION.idle_seconds
RETENTION = VERSION.retention_seconds
STREAMS = VERSION.max_streams
MICROCENTS_A_SECOND = VERSION.cents_per_stream_minute * 1_000_000 / 60
# What one tick more or less at the edges of video may come from.
EDGE_SECONDS = 0.5


class StreamEnd(StrEnum):
    BY_CLIENT = "client_requested"
    BY_LEASE = "lease_expired"
    BY_CREDITS = "insufficient_credits"


@dataclass
class AccountModel:
    """What is left is known by the answer that told it last, less what was charged since then."""

    least: float
    most: float

    def set_balance(self, microcents: float) -> None:
        self.least = self.most = microcents

    def charge(self, least: float, most: float) -> None:
        """What is not there is not taken."""
        self.least, self.most = max(0.0, self.least - most), max(0.0, self.most - least)


@dataclass
class VideoModel:
    """Video from ``begun`` on, whose last frame came at ``last``."""

    begun: ClockBounds
    last: ClockBounds


@dataclass(repr=False)
class V02StreamModel(Readable):
    """One stream, running or ended."""

    id: str
    number: int
    interval: float
    created: ClockBounds
    charged: ClockBounds
    lease: ClockBounds
    account: AccountModel
    tokens: set[str]
    """Tokens to publish that were given out."""
    prompt: int = 1
    refused: bool = False
    """A keepalive was refused for money since the lease was renewed."""
    ended: tuple[StreamEnd, ClockBounds] | None = None
    video: list[VideoModel] = field(default_factory=list)
    result_ids: set[str] = field(default_factory=set)
    """Ids of results that were given out."""

    def __repr__(self) -> str:
        return f"stream_{self.number}"

    def deadlines(self) -> list[ClockBounds]:
        """When it changes by itself."""
        if self.ended:
            return [self.ended[1] + RETENTION]
        return [self.lease, *([self.video[-1].last + IDLE_AFTER] if self.video else [])]

    def owed(self, at: ClockBounds) -> tuple[float, float]:
        """Microcents, at least and at most, for the time since the last charge."""
        least, most = at.since(self.charged)
        return least * MICROCENTS_A_SECOND, most * MICROCENTS_A_SECOND

    def advance(self, now: ClockBounds) -> None:
        """End by the lease, if that is over."""
        if self.ended is None and self.lease.latest < now.earliest:
            self.end(StreamEnd.BY_CREDITS if self.refused else StreamEnd.BY_LEASE, self.lease)

    def end(self, why: StreamEnd, at: ClockBounds) -> None:
        self.account.charge(*self.owed(at))
        self.ended = why, at

    def renew(self, at: ClockBounds) -> None:
        self.charged, self.lease, self.refused = at, at + LEASE, False

    def is_removed(self, now: ClockBounds) -> bool:
        """Whether its tombstone is gone, too."""
        return self.ended is not None and (self.ended[1] + RETENTION).latest < now.earliest

    def state(self, now: ClockBounds) -> str:
        if not self.video:
            return "pending"
        return "idle" if (self.video[-1].last + IDLE_AFTER).latest < now.earliest else "active"

    def add_video(self, begun: ClockBounds, last: ClockBounds) -> None:
        """Video came in; without a pause to speak of it is the same as before."""
        if self.video and begun.earliest < (self.video[-1].last + IDLE_AFTER).latest:
            self.video[-1].last = last
        else:
            self.video.append(VideoModel(begun, last))

    def results(self, now: ClockBounds) -> tuple[int, int]:
        """How many there should be by now, at least and at most: one a tick while frames are fresh."""
        until = self.ended[1] if self.ended else now
        least = most = 0
        for showing in self.video:
            fresh = showing.last + IDLE_AFTER
            least += self._ticks(
                showing.begun.latest + EDGE_SECONDS, min(fresh.earliest, until.earliest) - EDGE_SECONDS
            )
            most += self._ticks(showing.begun.earliest - EDGE_SECONDS, min(fresh.latest, until.latest) + EDGE_SECONDS)
        return least, most

    def _ticks(self, begin: float, end: float) -> int:
        """Ticks between two instants, of the cadence that the first frame began."""
        anchor = self.video[0].begun.earliest
        first = max(0, math.ceil((begin - anchor) / self.interval))
        return max(0, math.floor((end - anchor) / self.interval) - first + 1)
