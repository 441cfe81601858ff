"""Real video, with a synchronous face, for checks, which have no event loop.

LiveKit's client, the extra ``publish``, runs in one process for all rooms, which starts with the first and ends with
ours.
"""

import atexit
import json
import subprocess
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

from ovs_contracts.transport.realtime import wait
from ovs_contracts.transport.subprocesses import how_it_ended, started

Size = tuple[int, int]
Json = dict[str, Any]

PATIENCE = 20.0
PROGRAM = "ovs_contracts.client.livekit.sdk_process"


class RoomJoinError(RuntimeError):
    """The room cannot be joined, or takes no video; the message is the client's."""


class RoomParticipant:
    """Joins a room, and sends nothing. Leaves it when the block ends. ``patience`` is in seconds, for each step."""

    _size: Size | None = None
    _fps = 0.0

    def __init__(self, url: str, token: str, *, patience: float = PATIENCE) -> None:
        self.disconnected = threading.Event()
        """Set once the room is left, whoever wanted it."""
        self.disconnect_reason: str | None = None
        """Why, in LiveKit's words: ``ROOM_DELETED``, ``DUPLICATE_IDENTITY``, …"""
        self._url = url
        self._token = token
        self._patience = patience
        self._process: _Process | None = None
        self._number = 0

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.leave()

    def join(self) -> None:
        """Enter the room, once. PublishError when that is refused, or not answered."""
        self._process = _Process.running()
        self._number = self._process.welcome(self._put_out)
        try:
            self._tell("join", url=self._url, token=self._token, size=self._size, fps=self._fps)
        except RoomJoinError:
            self.leave()
            raise

    def leave(self) -> None:
        """Leave the room. Nothing happens when that is done."""
        # Somebody who was sent out, or never got in, has nothing to take leave of.
        with suppress(RoomJoinError):
            self._tell("leave")
        self.disconnected.set()
        self._process = None

    def _tell(self, do: str, **more: Any) -> Any:
        if self._process is None:
            raise RoomJoinError("nobody is in the room: join() first")
        return self._process.tell({"visit": self._number, "do": do, **more}, self._patience)

    def _put_out(self, reason: str) -> None:
        self.disconnect_reason = reason
        self.disconnected.set()


class RoomPublisher(RoomParticipant):
    """Joins a room and sends video, frames of one shade that slowly changes, until the block ends or ``pause``."""

    def __init__(
        self, url: str, token: str, *, size: Size = (640, 360), fps: float = 10.0, patience: float = PATIENCE
    ) -> None:
        super().__init__(url, token, patience=patience)
        self.size = self._size = size
        self.fps = self._fps = fps

    @property
    def sent(self) -> int:
        """Frames handed to the client. What it sends before its connection stands is lost."""
        return int(self._tell("sent"))

    def pause(self) -> None:
        """Send no frames for now. The track stays published."""
        self._tell("pause")

    def resume(self) -> None:
        """Send frames again."""
        self._tell("resume")

    def play(self, seconds: float) -> None:
        """Send frames for so many real seconds."""
        self.resume()
        wait(seconds)
        self.pause()


class _Process:
    """LiveKit's client, on the other side of a pipe."""

    _lock = threading.Lock()
    _newest: "_Process | None" = None

    @classmethod
    def running(cls) -> "_Process":
        """The one that runs; a new one when there is none, or it has broken down."""
        with cls._lock:
            if cls._newest is None or not cls._newest.runs:
                cls._newest = cls()
            return cls._newest

    def __init__(self) -> None:
        self._last_words = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process
        self._process = started(PROGRAM, self._last_words)
        assert self._process.stdin is not None
        self._pipe = self._process.stdin
        self._numbers = count(1)
        self._answers: dict[int, Future[Any]] = {}
        self._leavers: dict[int, Callable[[str], None]] = {}
        self._fell_silent = False
        self._reading = threading.Thread(target=self._read, name="livekit", daemon=True)
        self._reading.start()
        atexit.register(self.close)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def welcome(self, put_out: Callable[[str], None]) -> int:
        """The number of a new visit; ``put_out`` is called with the reason when the server ends it."""
        number = next(self._numbers)
        self._leavers[number] = put_out
        return number

    def tell(self, order: Json, patience: float) -> Any:
        """Give an order and wait for its answer."""
        id_ = next(self._numbers)
        answer = self._answers[id_] = Future()
        try:
            # Asked after the answer is awaited: who hangs up then fails it. A pipe may take words that nobody reads.
            if self._fell_silent:
                raise RoomJoinError(self._how_it_ended())
            self._pipe.write(json.dumps({"id": id_, **order}) + "\n")
            self._pipe.flush()
            return answer.result(patience)
        except TimeoutError:
            raise RoomJoinError(f"no answer within {patience:g} s") from None
        except OSError:
            raise RoomJoinError(self._how_it_ended()) from None
        finally:
            self._answers.pop(id_, None)

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._pipe.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reading.join()
        self._last_words.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._hear(json.loads(line))
        self._fell_silent = True
        for answer in [answer for answer in list(self._answers.values()) if not answer.done()]:
            answer.set_exception(RoomJoinError(self._how_it_ended()))
        for put_out in list(self._leavers.values()):
            put_out("CLIENT_ENDED")

    def _hear(self, said: Json) -> None:
        if "disconnected" in said:
            self._leavers.pop(said["visit"])(said["disconnected"])
        elif answer := self._answers.get(said["id"]):
            if "error" in said:
                answer.set_exception(RoomJoinError(said["error"]))
            else:
                answer.set_result(said["answer"])

    def _how_it_ended(self) -> str:
        return how_it_ended("LiveKit's client", self._process, self._last_words)
