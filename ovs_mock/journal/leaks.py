"""Leaks: what a client left open or did twice, which costs money or fails in production."""

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

# Maximum time between a create and its retry, in seconds.
RETRY_WITHIN = 30.0


class LeakKind(StrEnum):
    """Kinds of leaks; the values are their names in the settings."""

    STREAM = "stream"
    """A stream was never closed, and is billed until its lease ends."""
    SOCKET = "socket"
    """A result socket was left open."""
    PUBLISHER = "publisher"
    """A publisher was left connected."""
    LATE_KEEPALIVE = "late-keepalive"
    """A keepalive was sent for a stream that had ended."""
    SECOND_STREAM = "second-stream"
    """A create was repeated though the first one had succeeded, so that two streams are billed."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that a client left open or did twice. ``str()`` is the description.

    Attributes:
        kind: The kind of leak.
        stream_id: The stream that it is about.
        description: One line for a person to read.
    """

    kind: LeakKind
    stream_id: str
    description: str

    def __str__(self) -> str:
        return self.description


def find_leaks(streams: Iterable[Stream], journal: Journal) -> list[Leak]:
    """Return all leaks, those that cost money first."""
    found = [*_still_open(streams), *_second_streams(journal), *_late_keepalives(journal)]
    return sorted(found, key=lambda leak: list(LeakKind).index(leak.kind))


def _still_open(streams: Iterable[Stream]) -> Iterator[Leak]:
    for stream in streams:
        if stream.running:
            yield Leak(LeakKind.STREAM, stream.id, f"stream {stream.id} was never closed{_price(stream)}")
        for watchers in [len(stream.subscribers)] if stream.subscribers and stream.running else []:
            sockets = "1 result socket" if watchers == 1 else f"{watchers} result sockets"
            yield Leak(LeakKind.SOCKET, stream.id, f"{sockets} of stream {stream.id} left open")
        # When a stream ends, its room disconnects all publishers.
        for identity in sorted(stream.publishers) if stream.running else []:
            yield Leak(LeakKind.PUBLISHER, stream.id, f"publisher {identity} left connected to stream {stream.id}")


def _price(stream: Stream) -> str:
    lease = seconds(stream.rules.lease)
    cents = stream.meter.due(stream.lease_expires_at).microcents / MICROCENTS_PER_CENT
    return f": it runs until its lease of {lease:g} s ends" + (f", for {cents:.2g} cents" if cents else "")


def _late_keepalives(journal: Journal) -> Iterator[Leak]:
    ended: set[str] = set()
    reported: set[str] = set()
    for entry in journal:
        if isinstance(entry, EngineEvent) and isinstance(entry.event, StreamEnded):
            ended.add(entry.event.stream_id)
        if isinstance(entry, Request) and entry.path.endswith("/keepalive") and entry.status == 404:
            stream_id = entry.path.split("/")[-2]
            if stream_id in ended and stream_id not in reported:
                reported.add(stream_id)
                yield Leak(LeakKind.LATE_KEEPALIVE, stream_id, f"keepalives went on after stream {stream_id} had ended")


def _second_streams(journal: Journal) -> Iterator[Leak]:
    """Equal creates in a row, the first of which created a stream that was never used."""
    paths = {version.prefix + "/streams" for version in VERSIONS.values()}
    creates = [request for request in journal.requests("POST", status=201) if request.path in paths]
    for first, second in pairwise(creates):
        created = _created_id(first)
        repeated = (first.path, first.body) == (second.path, second.body) and second.at - first.at <= RETRY_WITHIN
        if created and repeated and not _used(created, journal):
            other = _created_id(second)
            text = f"a create was tried again: stream {created} was made, never used, and is billed beside {other}"
            yield Leak(LeakKind.SECOND_STREAM, created, text)


def _created_id(create: Request) -> str:
    answer = create.answer_json
    return str(answer.get("stream_id") or answer.get("id") or "") if isinstance(answer, dict) else ""


def _used(stream_id: str, journal: Journal) -> bool:
    """Whether a client used the stream after it was created: called it, watched it, or sent video."""
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
