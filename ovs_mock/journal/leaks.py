"""What a client did that costs money or breaks in production: found in what is left, and in the journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ovs_mock.api.versions import VERSIONS
from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.events import StreamEnded
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import Stream
from ovs_mock.journal.entries import EngineEvent, Request
from ovs_mock.journal.journal import Journal

# A retry follows this soon, in seconds.
RETRY_WITHIN = 30.0


class LeakKind(StrEnum):
    """Kinds of leaks, as settings name them."""

    STREAM = "stream"
    """A stream that was never closed: it is billed until its lease ends."""
    SOCKET = "socket"
    """A result socket that was left open."""
    PUBLISHER = "publisher"
    """A publisher that was left connected."""
    LATE_KEEPALIVE = "late-keepalive"
    """A keepalive of a stream that had ended."""
    SECOND_STREAM = "second-stream"
    """A create that was tried again, although the first had made a stream that is billed too."""


@dataclass(frozen=True, slots=True)
class Leak:
    kind: LeakKind
    stream_id: str
    says: str

    def __str__(self) -> str:
        return self.says


def leaks(streams: Iterable[Stream], journal: Journal) -> list[Leak]:
    """All leaks, those that cost money first."""
    found = [*_left(streams), *_second_streams(journal), *_late_keepalives(journal)]
    return sorted(found, key=lambda leak: list(LeakKind).index(leak.kind))


def _left(streams: Iterable[Stream]) -> Iterator[Leak]:
    for stream in streams:
        if stream.running:
            yield Leak(LeakKind.STREAM, stream.id, f"stream {stream.id} was never closed{_price(stream)}")
        for watchers in [len(stream.subscribers)] if stream.subscribers and stream.running else []:
            sockets = "1 result socket" if watchers == 1 else f"{watchers} result sockets"
            yield Leak(LeakKind.SOCKET, stream.id, f"{sockets} of stream {stream.id} left open")
        # When a stream ends, its room does, and sends everybody out.
        for identity in sorted(stream.publishers) if stream.running else []:
            yield Leak(LeakKind.PUBLISHER, stream.id, f"publisher {identity} left connected to stream {stream.id}")


def _price(stream: Stream) -> str:
    lease = seconds(stream.rules.lease)
    cents = stream.meter.due(stream.lease_expires_at).microcents / MICROCENTS_PER_CENT
    return f": it runs until its lease of {lease:g} s ends" + (f", for {cents:.2g} cents" if cents else "")


def _late_keepalives(journal: Journal) -> Iterator[Leak]:
    ended: set[str] = set()
    told: set[str] = set()
    for entry in journal:
        if isinstance(entry, EngineEvent) and isinstance(entry.event, StreamEnded):
            ended.add(entry.event.stream_id)
        if isinstance(entry, Request) and entry.path.endswith("/keepalive") and entry.status == 404:
            stream_id = entry.path.split("/")[-2]
            if stream_id in ended and stream_id not in told:
                told.add(stream_id)
                yield Leak(LeakKind.LATE_KEEPALIVE, stream_id, f"keepalives went on after stream {stream_id} had ended")


def _second_streams(journal: Journal) -> Iterator[Leak]:
    """Equal creates in a row, of which the first made a stream that nobody ever used."""
    paths = {version.prefix + "/streams" for version in VERSIONS.values()}
    creates = [request for request in journal.requests("POST", status=201) if request.path in paths]
    for first, second in pairwise(creates):
        made = _made(first)
        again = (first.path, first.body) == (second.path, second.body) and second.at - first.at <= RETRY_WITHIN
        if made and again and not _used(made, journal):
            says = f"a create was tried again: stream {made} was made, never used, and is billed beside {_made(second)}"
            yield Leak(LeakKind.SECOND_STREAM, made, says)


def _made(create: Request) -> str:
    answer = create.answer_json
    return str(answer.get("stream_id") or answer.get("id") or "") if isinstance(answer, dict) else ""


def _used(stream_id: str, journal: Journal) -> bool:
    """Whether anybody came back to a stream after it was made: called it, watched it, or sent video."""
    for entry in journal:
        if isinstance(entry, Request):
            used = stream_id in entry.path or stream_id in entry.body
        elif isinstance(entry, EngineEvent):
            used = False
        else:
            used = stream_id in (getattr(entry, "stream_id", "") or getattr(entry, "path", ""))
        if used:
            return True
    return False
