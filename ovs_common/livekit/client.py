"""The parent's side of the process in which LiveKit's SDK runs: one process for all rooms, until the parent ends."""

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

from ovs_common.livekit.options import PublishError, SdkError

PROGRAM = "ovs_common.livekit.sdk_process"
# Seconds that the process may take to end, and to read a command.
TIMEOUT = 10.0
_STDERR_TAIL = 2_000

Json = dict[str, Any]
OnDisconnected = Callable[[str], None]


class SdkClient:
    """Starts the process and sends commands to it over a pipe. May be used from any thread."""

    _newest: "SdkClient | None" = None
    _starting = threading.Lock()

    @classmethod
    def running(cls) -> "SdkClient":
        """The client whose process runs; a new one when there is none, when its process ended, and in a fork."""
        with cls._starting:
            newest = cls._newest
            if newest is not None and not newest.is_running:
                newest.close()
                newest = None
            cls._newest = newest or cls()
            return cls._newest

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process runs
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-P", "-m", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            # Ctrl-C reaches the parent only, which leaves its rooms first.
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._pipe = self._process.stdin
        os.set_blocking(self._pipe.fileno(), False)
        self._writable = select.poll()
        self._writable.register(self._pipe, select.POLLOUT)
        self._writing = threading.Lock()
        self._ids, self._sessions = count(1), count(1)
        self._replies: dict[int, Future[None]] = {}
        self._on_disconnected: dict[int, OnDisconnected] = {}
        self._ended = ""
        """How the process ended; empty while it runs."""
        self._reading = threading.Thread(target=self._read, name="ovs livekit", daemon=True)
        self._reading.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._owner == os.getpid() and not self._ended and self._process.poll() is None

    def add_session(self, on_disconnected: OnDisconnected) -> int:
        """The number of a new session; ``on_disconnected`` is called with the reason, on another thread."""
        number = next(self._sessions)
        self._on_disconnected[number] = on_disconnected
        return number

    def request(self, command: Json) -> "Future[None]":
        """Send a command; the future completes with its reply. Raises PublishError, as the future does, or SdkError."""
        id_ = next(self._ids)
        reply: Future[None] = Future()
        self._replies[id_] = reply
        reply.add_done_callback(lambda _: self._replies.pop(id_, None))
        self.send({"id": id_, **command})
        return reply

    def send(self, command: Json, data: "memoryview | None" = None) -> None:
        """Send a command that has no reply, with its bytes. PublishError when the process has ended."""
        try:
            self.require_running()
            with self._writing:
                self._write(memoryview(json.dumps(command).encode() + b"\n"))
                if data is not None:
                    self._write(data)
        except (OSError, ValueError):
            raise PublishError(self._why_not_running()) from None

    def require_running(self) -> None:
        """PublishError when the process has ended. A pipe accepts bytes that nobody will read, so it cannot tell."""
        if self._ended or self._owner != os.getpid():
            raise PublishError(self._why_not_running())

    def _write(self, data: memoryview) -> None:
        while data:
            if not self._writable.poll(TIMEOUT * 1_000):
                # It hangs, and has read half a command.
                self._process.kill()
                raise BrokenPipeError
            with suppress(BlockingIOError):
                data = data[os.write(self._pipe.fileno(), data) :]

    def close(self) -> None:
        """End the process. Does nothing when it has ended, and in a fork, to which it does not belong."""
        if self._owner != os.getpid() or self._stderr.closed:
            return
        atexit.unregister(self.close)
        with self._writing, suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join()
        self._stderr.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._receive(json.loads(line))
        self._ended = self._how_it_ended()
        for reply in list(self._replies.values()):
            _fail(reply, PublishError(self._ended))
        for on_disconnected in list(self._on_disconnected.values()):
            on_disconnected("CLIENT_ENDED")

    def _receive(self, message: Json) -> None:
        if "disconnected" in message:
            if on_disconnected := self._on_disconnected.pop(message["session"], None):
                on_disconnected(message["disconnected"])
        elif reply := self._replies.get(message["id"]):
            if message["error"] is not None:
                _fail(reply, SdkError(message["kind"], message["error"]))
            elif reply.set_running_or_notify_cancel():
                reply.set_result(None)

    def _how_it_ended(self) -> str:
        status = self._process.wait()
        self._stderr.seek(0)
        tail = self._stderr.read()[-_STDERR_TAIL:].decode(errors="replace")
        return f"LiveKit's SDK, in a process of its own, ended with status {status}: {tail.strip() or 'no output'}"

    def _why_not_running(self) -> str:
        if self._owner != os.getpid():
            return "this process is a fork of the one that joined the room: join it again"
        self._reading.join(TIMEOUT)
        return self._ended or "LiveKit's SDK, in a process of its own, accepts no commands"


def _fail(reply: "Future[None]", error: Exception) -> None:
    """Complete a reply that its caller has not cancelled."""
    if reply.set_running_or_notify_cancel():
        reply.set_exception(error)
