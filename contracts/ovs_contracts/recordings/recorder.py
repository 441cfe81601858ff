"""Writes down a run as it goes: a line for each call and its answer, for sockets, video, and what was arranged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.normalisation import HEADERS, PRESENT
from ovs_contracts.documents.suite_version import suite_version
from ovs_contracts.recordings.entries import FORMAT
from ovs_contracts.recordings.placeholders import Placeholders
from ovs_contracts.targets.target import FrameSource
from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.realtime import utc
from ovs_contracts.transport.sockets import OBSERVERS, ResultSocketClient

# All that is written of a call's headers; the others may be anything.
ASKED = (
    "content-type",
    "origin",
    "x-overshoot-region",
    "access-control-request-method",
    "access-control-request-headers",
)


@contextmanager
def recorded(session: TargetSession, folder: Path) -> Iterator["TranscriptRecorder"]:
    """Write down what is said to the session's target while this block runs, into a new file of the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = utc().partition("+")[0] + "Z"
    name = session.target.name if session.target.name in ("mock", "live") else "url"
    with (folder / f"{moment.replace(':', '')}-{name}.jsonl").open("x", encoding="utf-8") as file:
        recorder = TranscriptRecorder(session, file)
        with session.observed(recorder), recorder.everywhere(moment):
            yield recorder


class TranscriptRecorder:
    """An observer of a session, its sockets, its video and its controls."""

    def __init__(self, session: TargetSession, file: IO[str]) -> None:
        self._session = session
        self._file = file
        self._names = Placeholders()
        self._sockets: dict[ResultSocketClient, int] = {}
        self._opened = 0
        self._started = session.time.now()
        for key in filter(None, (session.target.api_key, session.target.second_key)):
            self._names.key(key)

    @contextmanager
    def everywhere(self, moment: str) -> Iterator[None]:
        """Write what it is that follows, and see what is no call while this block runs."""
        target = self._session.target
        about = {
            "format": FORMAT,
            "recorded": moment,
            "target": target.name if target.name in ("mock", "live") else "url",
            "began": self._started,
            "suite": suite_version(),
        }
        self._file.write(json.dumps(about) + "\n")
        controls = self._session.controls
        self._session.filming = self._filmed
        OBSERVERS.append(self)
        if controls:
            controls.observers.append(self._arranged)
        try:
            yield
        finally:
            OBSERVERS.remove(self)
            self._session.filming = lambda footage: footage
            if controls:
                controls.observers.remove(self._arranged)

    def mark(self, what: str) -> None:
        """Note what comes next, such as the name of a check."""
        self._write({"next": what})

    def before(self, call: Call) -> None:
        """Keys have a name before anything is written about them."""
        self._caller(call)

    def after(self, exchange: Exchange) -> None:
        call = exchange.call
        asked: dict[str, Any] = {
            "caller": self._caller(call),
            "method": call.method,
            "path": self._names.text(call.path),
            "headers": {name: self._names.text(call.headers[name]) for name in ASKED if name in call.headers},
        }
        if call.body:
            asked["body"] = self._names.text(call.body.decode("utf-8", "replace"))
        answered = {name: self._names.text(exchange.headers[name]) for name in HEADERS if name in exchange.headers}
        answered |= {name: "(given)" for name in PRESENT if name in exchange.headers}
        answer = {"status": exchange.status, "headers": answered, **self._names.body(exchange.body)}
        self._write({"call": asked, "answer": answer, "took": round(exchange.seconds, 3)})

    def opened(self, socket: ResultSocketClient) -> None:
        self._opened += 1
        self._sockets[socket] = self._opened
        path = "/" + socket.url.split("/", 3)[3]
        self._write({"socket": self._sockets[socket], "opens": self._names.text(path)})

    def said(self, socket: ResultSocketClient, message: str | bytes) -> None:
        if socket not in self._sockets:
            return
        if isinstance(message, bytes):
            self._write({"socket": self._sockets[socket], "says_bytes": message.hex()})
            return
        with suppress(ValueError, TypeError, KeyError):
            self._key(str(json.loads(message)["api_key"]))
        self._write({"socket": self._sockets[socket], "says": self._names.text(message)})

    def heard(self, socket: ResultSocketClient, message: str | bytes) -> None:
        if socket in self._sockets:
            self._write({"socket": self._sockets[socket], "hears": self._message(message)})

    def closed(self, socket: ResultSocketClient) -> None:
        if socket in self._sockets:
            code, reason = socket.close_frame()
            end = {"code": code, "reason": self._names.text(reason)}
            self._write({"socket": self._sockets.pop(socket), "closes": end})

    def _filmed(self, footage: FrameSource) -> FrameSource:
        return footage if self._session.controls else _Filmed(footage, self)

    def played(self, stream_id: str, seconds: float, fps: float, size: tuple[int, int]) -> None:
        body = {"seconds": seconds, "fps": fps, "width": size[0], "height": size[1]}
        self._arranged(f"/streams/{stream_id}/play", body)

    def _arranged(self, path: str, body: Any) -> None:
        """Moments are written with every line, so that moving the clock need not be. Asking arranges nothing."""
        if path.startswith("/clock") or path == "/accounts/balance":
            return
        for name in ("api_key", "same_user_as"):
            if isinstance(body, dict) and isinstance(body.get(name), str):
                self._names.key(body[name])
        self._write({"arranges": self._names.text(path), "body": self._names.value(body)})

    def _message(self, message: str | bytes) -> Any:
        with suppress(ValueError):
            return self._names.value(json.loads(message))
        return self._names.text(str(message))

    def _caller(self, call: Call) -> str | None:
        """The authorization that a call comes with, with a name for its key: ``Bearer <key 1>``."""
        header = call.headers.get("authorization") or call.headers.get("Authorization")
        if header is None:
            return None
        scheme, space, key = header.rpartition(" ")
        return f"{scheme}{space}{self._key(key)}"

    def _key(self, key: str) -> str:
        """Keys that checks make up for accounts of their own begin with ours; any other is nobody's."""
        target = self._session.target
        known = key.startswith(target.api_key) or key == target.second_key
        return self._names.key(key) if known else self._names.foreign(key)

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps({"at": round(self._session.time.now() - self._started, 3), **entry})
        self._file.write(self._names.text(line) + "\n")
        self._file.flush()


class _Filmed:
    """Video whose beginning is noted."""

    def __init__(self, footage: FrameSource, recorder: TranscriptRecorder) -> None:
        self._footage = footage
        self._recorder = recorder

    def play(self, stream_id: str, seconds: float, *, fps: float, size: tuple[int, int]) -> int:
        self._recorder.played(stream_id, seconds, fps, size)
        return self._footage.play(stream_id, seconds, fps=fps, size=size)
