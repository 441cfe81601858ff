"""The results of a run in a file, so that a run that was interrupted can be continued."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from ovs_contracts.report.model import Cause, CheckResult, Outcome, check_from_json, to_json
from ovs_contracts.safety.state_folder import slug

FORMAT = 1
# A second run may come to another result: it may be allowed to wait longer, or run on another machine.
REPEATED = frozenset({Cause.BUDGET, Cause.LIMIT, Cause.CANNOT, Cause.UNAVAILABLE, Cause.BROKEN, Cause.NOT_REACHED})


class ResumeFile:
    """A line of JSON for each result. It is deleted when its run comes to its end."""

    def __init__(self, folder: Path, origin: str, suite: str) -> None:
        self.path = folder / f"run-{slug(origin)}.jsonl"
        self._header = json.dumps({"format": FORMAT, "suite": suite, "origin": origin})
        self._file: IO[str] | None = None

    def earlier(self) -> list[CheckResult]:
        """The results of an interrupted run of the same suite."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        if lines[:1] != [self._header]:
            return []
        results: list[CheckResult] = []
        for line in lines[1:]:
            # A killed run may leave half a line.
            with suppress(ValueError):
                results.append(check_from_json(line, earlier=True))
        return [result for result in results if _is_done(result)]

    def begin(self, earlier: list[CheckResult]) -> None:
        """Start a new file with the results that are taken over."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        self._write(self._header)
        for result in earlier:
            self.add(result)

    def add(self, result: CheckResult) -> None:
        """Write a result at once."""
        self._write(json.dumps(to_json(result)))

    def end(self, *, done: bool) -> None:
        """Close the file; delete it when the run is ``done``, else leave it to the next run."""
        if self._file is None:
            return
        self._file.close()
        if done:
            self.path.unlink(missing_ok=True)

    def _write(self, line: str) -> None:
        if self._file is not None:
            self._file.write(line + "\n")
            self._file.flush()


def _is_done(result: CheckResult) -> bool:
    return result.outcome is not Outcome.UNCHECKED or result.cause not in REPEATED
