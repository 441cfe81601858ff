"""The streams of a run in a file of its own, so that whatever ends the run, the next one can end them.

A line for each stream that comes and goes. Keys are not written, only a salted fingerprint that tells which key a
stream belongs to. The file is locked for as long as its run lives, and gone when nothing was left behind.
"""

import fcntl
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ovs_contracts.safety.state_folder import slug
from ovs_contracts.safety.streams import OpenStream
from ovs_contracts.transport.realtime import unix_seconds

FORMAT = 1


@dataclass(frozen=True, slots=True)
class LeftoverStream:
    """A stream that a run left behind."""

    id: str
    version: str
    fingerprint: str
    salt: str

    def belongs_to(self, key: str) -> bool:
        return fingerprint(key, self.salt) == self.fingerprint


class StreamFile:
    """The memory of one run, in ``folder``."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._salt = secrets.token_hex(16)
        self.open_ids: set[str] = set()
        descriptor, name = tempfile.mkstemp(prefix=_prefix(origin), suffix=".new", dir=folder)
        self._file = os.fdopen(descriptor, "w")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._write({"format": FORMAT, "origin": origin, "salt": self._salt})
        # Only now, locked and begun, may another run find it.
        self.path = Path(name).with_suffix(".jsonl")
        Path(name).rename(self.path)

    def add(self, stream: OpenStream) -> None:
        self.open_ids.add(stream.id)
        shown = {"made": stream.id, "version": stream.version, "key": fingerprint(stream.key, self._salt)}
        self._write(shown)

    def remove(self, stream_id: str) -> None:
        self.open_ids.discard(stream_id)
        self._write({"gone": stream_id})

    def close(self) -> None:
        """End the memory; the file stays when it names a stream that is not gone."""
        if not self.open_ids:
            self.path.unlink(missing_ok=True)
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class LeftoverStreams:
    """What one run that has ended left behind. Held by nobody else for as long as this is open."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self.path = path
        self._file = file
        self.streams = _leftover_streams(file.read().splitlines())

    def seconds_old(self) -> float:
        """How long ago its run wrote last."""
        return unix_seconds() - os.fstat(self._file.fileno()).st_mtime

    def remove(self, stream_id: str) -> None:
        """Note that a stream is not there any more."""
        self.streams = [stream for stream in self.streams if stream.id != stream_id]
        self._file.write(json.dumps({"gone": stream_id}) + "\n")
        self._file.flush()

    def close(self) -> None:
        if not self.streams:
            self.path.unlink(missing_ok=True)
        self._file.close()


def leftovers(folder: Path, origin: str) -> Iterator[LeftoverStreams]:
    """What runs against an origin left behind, one after the other; runs that still go on are left out."""
    for path in sorted(folder.glob(_prefix(origin) + "*.jsonl")):
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            found = LeftoverStreams(path, file)
            try:
                yield found
            finally:
                found.close()


def fingerprint(key: str, salt: str) -> str:
    """Tells keys apart without saying what they are."""
    return hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()[:16]


def _prefix(origin: str) -> str:
    return f"streams-{slug(origin)}-"


def _leftover_streams(lines: list[str]) -> list[LeftoverStream]:
    notes = [note for note in map(_parsed_line, lines) if note]
    salt = next((note["salt"] for note in notes if "salt" in note), "")
    gone = {note["gone"] for note in notes if "gone" in note}
    made = [note for note in notes if "made" in note and note["made"] not in gone]
    return [LeftoverStream(note["made"], note["version"], note["key"], salt) for note in made]


def _parsed_line(line: str) -> dict[str, str] | None:
    """A line as it was written; ``None`` for the half of one, which a run that was killed may leave."""
    try:
        note = json.loads(line)
    except ValueError:
        return None
    return note if isinstance(note, dict) else None
