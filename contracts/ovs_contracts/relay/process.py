"""A relay in a process of its own, as the suite sees it."""

import json
import subprocess
import tempfile
import threading
from contextlib import suppress
from typing import Any

from ovs_contracts.transport.subprocesses import exit_message, start_module

PROGRAM = "ovs_contracts.relay"
# Streams are ended, with pauses where the target is out of order.
CLOSE_TIMEOUT_SECONDS = 90.0

Json = dict[str, Any]


class RelayError(Exception):
    """The relay cannot be had, or has broken down. The message says what to do."""


class RelayProcess:
    """Started by ``start``; ends with ``close``, or with this process."""

    def __init__(self, target: str, *, budget_cents: float | None = None, ca_bundle: str | None = None) -> None:
        self._settings = {"target": target, "budget_cents": budget_cents, "ca_bundle": ca_bundle}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str]
        self.target = target
        self.url = ""
        self.api_key = ""
        """Stands for the real key, which only the relay has."""
        self.origin = ""
        self.cleaned: str | None = None
        """What became of streams that earlier runs had left."""

    def start(self) -> None:
        """A RelayError when the target cannot be used or reached."""
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process
        self._process = start_module(PROGRAM, self._stderr)
        try:
            answer = self._exchange(self._settings)
        except RelayError:
            self.close()
            raise
        self.url, self.api_key, self.origin = answer["url"], answer["key"], answer["origin"]
        self.cleaned = answer["cleaned"]

    def request(self, do: str, **more: Any) -> Json:
        """An order, and its answer."""
        return self._exchange({"do": do, **more})

    def close(self) -> list[str]:
        """End everything; the ids of streams that could not be ended. Again does nothing."""
        with self._lock:
            if self._stderr.closed:
                return []
            said = self._final_output()
            self._stderr.close()
        return list(json.loads(said.splitlines()[-1]).get("left", [])) if said else []

    def _final_output(self) -> str:
        """What it says when it is told to end."""
        try:
            return self._process.communicate(timeout=CLOSE_TIMEOUT_SECONDS)[0]
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.communicate()[0]

    def _exchange(self, told: Json) -> Json:
        with self._lock:
            line = self._write_and_read(told)
        if not line:
            raise RelayError(self._exit_message())
        answer: Json = json.loads(line)
        if "error" in answer:
            raise RelayError(answer["error"])
        return answer

    def _write_and_read(self, told: Json) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.write(json.dumps(told) + "\n")
            self._process.stdin.flush()
        return self._process.stdout.readline()

    def _exit_message(self) -> str:
        return exit_message(f"the relay to {self.target}", self._process, self._stderr)
