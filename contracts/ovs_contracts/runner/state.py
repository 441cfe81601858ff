"""What a run has done, in a file, so that one that was interrupted can go on."""

import json
import os
from pathlib import Path
from typing import IO, Any

from ovs_contracts.report.model import Cause, CheckResult, Outcome, check_from, plain
from ovs_contracts.safety.state_folder import slug

FORMAT = 1
# What a second run would not find otherwise, unless it is told to wait longer or finds another machine.
AGAIN = frozenset({Cause.BUDGET, Cause.LIMIT, Cause.CANNOT, Cause.UNAVAILABLE, Cause.BROKEN, Cause.NOT_REACHED})


class ResumeFile:
    """A line for each check that is done. Gone when its run comes to its end."""

    def __init__(self, folder: Path, origin: str, suite: str) -> None:
        self.path = folder / f"run-{slug(origin)}.jsonl"
        self._head = {"format": FORMAT, "suite": suite, "origin": origin}
        self._file: IO[str] | None = None

    def earlier(self) -> list[CheckResult]:
        """What an interrupted run of the same suite had done."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        notes = [note for note in map(_note, lines) if note is not None]
        if notes[:1] != [self._head]:
            return []
        return [check for check in (check_from(note, earlier=True) for note in notes[1:]) if _is_done(check)]

    def begin(self, earlier: list[CheckResult]) -> None:
        """Start anew, with what is taken over."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        self._write(self._head)
        for check in earlier:
            self.add(check)

    def add(self, check: CheckResult) -> None:
        self._write(plain(check))

    def end(self, *, done: bool) -> None:
        """Forget the run if it is done; else leave what it did to the next."""
        if self._file is None:
            return
        self._file.close()
        if done:
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def _is_done(check: CheckResult) -> bool:
    return check.outcome is not Outcome.UNCHECKED or check.cause not in AGAIN


def _note(line: str) -> dict[str, Any] | None:
    try:
        note = json.loads(line)
    except ValueError:
        return None
    return note if isinstance(note, dict) else None
