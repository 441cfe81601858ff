"""The other process, in which LiveKit's SDK runs: one for all publishers, from the first on until this one ends."""

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from typing import Any

from ovs_mock.video.sdk import PublishError

PROGRAM = "ovs_mock.video.sdk_process"
# Seconds that it may take to end, and to take an order.
PATIENCE = 10.0
_LAST_WORDS = 2_000

Json = dict[str, Any]
PutOut = Callable[[str], None]


class SdkClient:
    """LiveKit's SDK, on the other side of a pipe. May be used from any thread."""

    _newest: "SdkClient | None" = None
    _making = threading.Lock()

    @classmethod
    def running(cls) -> "SdkClient":
        """The one that runs; a new one when there is none, when it broke down, and in a fork of its owner."""
        with cls._making:
            newest = cls._newest
            if newest is not None and not newest.runs:
                newest.close()
                newest = None
            cls._newest = newest or cls()
            return cls._newest

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-P", "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C is for us: whoever is in a room leaves it first.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._pipe = self._process.stdin
        os.set_blocking(self._pipe.fileno(), False)
        self._writable = select.poll()
        self._writable.register(self._pipe, select.POLLOUT)
        self._writing = threading.Lock()
        self._ids, self._seats = count(1), count(1)
        self._answers: dict[int, Future[None]] = {}
        self._guests: dict[int, PutOut] = {}
        self._ended = ""
        """How, once it has."""
        self._reading = threading.Thread(target=self._read, name="ovs-mock livekit", daemon=True)
        self._reading.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._owner == os.getpid() and not self._ended and self._process.poll() is None

    def seat(self, put_out: PutOut) -> int:
        """The number of a new seat; ``put_out`` is called with the reason, on another thread, when its guest is out."""
        number = next(self._seats)
        self._guests[number] = put_out
        return number

    def ask(self, order: Json) -> "Future[None]":
        """Give an order; what is returned is done when that is. Its errors are the SDK's, and PublishError."""
        id_ = next(self._ids)
        answer: Future[None] = Future()
        self._answers[id_] = answer
        answer.add_done_callback(lambda _: self._answers.pop(id_, None))
        self.tell({"id": id_, **order})
        return answer

    def tell(self, order: Json, data: "memoryview | None" = None) -> None:
        """Give an order that nobody answers, with the bytes that belong to it. PublishError when nobody is there."""
        try:
            # A pipe may take words that nobody will read.
            if self._ended or self._owner != os.getpid():
                raise BrokenPipeError
            with self._writing:
                self._write(memoryview(json.dumps(order).encode() + b"\n"))
                if data is not None:
                    self._write(data)
        except (OSError, ValueError):
            raise PublishError(self._why_not()) from None

    def _write(self, data: memoryview) -> None:
        while data:
            if not self._writable.poll(PATIENCE * 1_000):
                # It hangs, with half an order in its hands.
                self._process.kill()
                raise BrokenPipeError
            with suppress(BlockingIOError):
                data = data[os.write(self._pipe.fileno(), data) :]

    def close(self) -> None:
        """End the process. Nothing happens when that is done, and in a fork, whose process it is not."""
        if self._owner != os.getpid() or self._said.closed:
            return
        atexit.unregister(self.close)
        with self._writing, suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join()
        self._said.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._hear(json.loads(line))
        self._ended = self._how_it_ended()
        for answer in list(self._answers.values()):
            _fail(answer, PublishError(self._ended))
        for put_out in list(self._guests.values()):
            put_out("CLIENT_ENDED")

    def _hear(self, said: Json) -> None:
        if "disconnected" in said:
            if put_out := self._guests.pop(said["seat"], None):
                put_out(said["disconnected"])
        elif answer := self._answers.get(said["id"]):
            if said["error"] is None:
                # Who asked may have stopped to wait.
                if answer.set_running_or_notify_cancel():
                    answer.set_result(None)
            else:
                _fail(answer, _error(said["kind"], said["error"]))

    def _how_it_ended(self) -> str:
        status = self._process.wait()
        self._said.seek(0)
        words = self._said.read()[-_LAST_WORDS:].decode(errors="replace")
        return f"LiveKit's SDK, in a process of its own, ended with status {status}: {words.strip() or 'no word'}"

    def _why_not(self) -> str:
        if self._owner != os.getpid():
            return "this process is a fork of the one that joined the room: join it again"
        self._reading.join(PATIENCE)
        return self._ended or "LiveKit's SDK, in a process of its own, takes no orders"


def _fail(answer: "Future[None]", error: Exception) -> None:
    if answer.set_running_or_notify_cancel():
        answer.set_exception(error)


def _error(kind: str, message: str) -> Exception:
    """The SDK's own error where it is one of those that its users know."""
    from livekit import rtc

    known = {"ConnectError": rtc.ConnectError, "PublishTrackError": rtc.participant.PublishTrackError}
    return known[kind](message) if kind in known else PublishError(f"{kind}: {message}")
