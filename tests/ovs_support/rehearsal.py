"""``ovs-contracts run --target live`` as a person or a schedule starts it, against what plays production."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ovs_support.production import Production

KEY = "ovs-rehearsal-0b5e55ed"


@dataclass
class Rehearsal:
    """Starts runs, and knows what they wrote."""

    production: Production
    folder: Path
    key: str = KEY
    outputs: list[str] = field(default_factory=list)

    @contextmanager
    def running(self, *arguments: str, command: str = "run") -> "Iterator[subprocess.Popen[str]]":
        command_line = [sys.executable, "-m", "ovs_contracts", command, "--target", "live"]
        command_line += ["--ca-bundle", str(self.production.ca_bundle), *arguments]
        if command == "run":
            command_line += ["--report", str(self.folder / "report")]
        environment = {
            **os.environ,
            "OVERSHOOT_BASE_URL": self.production.origin,
            "OVERSHOOT_API_KEY": self.key,
            "XDG_STATE_HOME": str(self.folder / "state"),
            "NO_COLOR": "1",
        }
        with subprocess.Popen(
            command_line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: str, command: str = "run") -> int:
        """The status that it ended with."""
        with self.running(*arguments, command=command) as process:
            return self.wait(process)

    def wait(self, process: "subprocess.Popen[str]") -> int:
        output, _ = process.communicate(timeout=90)
        self.outputs.append(output)
        assert "Traceback" not in output, output
        return process.returncode

    @property
    def report(self) -> Any:
        return json.loads((self.folder / "report" / "report.json").read_text())

    def outcomes(self) -> dict[str, str]:
        """By the name of the check."""
        return {check["id"].partition("::test_")[2]: check["outcome"] for check in self.report["checks"]}

    def notes_of_streams(self) -> list[str]:
        """The contents of the files that note streams."""
        return [path.read_text() for path in (self.folder / "state").rglob("streams-*")]

    def assert_discreet(self) -> None:
        """The key is in no file and in no output."""
        written = [path for path in self.folder.rglob("*") if path.is_file()]
        assert [path for path in written if self.key in path.read_text(errors="replace")] == []
        assert not any(self.key in output for output in self.outputs)
