"""Records a run: a line of JSON for each call with its answer, for sockets, for video, and for controls of a mock."""

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

# The headers of a call that are recorded.
REQUEST_HEADERS = (
    "content-type",
    "origin",
    "x-overshoot-region",
    "access-control-request-method",
    "access-control-request-headers",
)


@contextmanager
def recorded(session: TargetSession, folder: Path) -> Iterator["TranscriptRecorder"]:
    """Record a session into a new file of the folder while this block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    started_at = utc().partition("+")[0] + "Z"
    name = session.target.name if session.target.name in ("mock", "live") else "url"
    with (folder / f"{started_at.replace(':', '')}-{name}.jsonl").open("x", encoding="utf-8") as file:
        recorder = TranscriptRecorder(session, file)
        with session.observe(recorder), recorder.attached(started_at):
            yield recorder


class TranscriptRecorder:
    """An observer of a session, its sockets, its video and its controls."""

    def __init__(self, session: TargetSession, file: IO[str]) -> None:
        self._session = session
        self._file = file
        self._placeholders = Placeholders()
        self._sockets: dict[ResultSocketClient, int] = {}
        self._opened = 0
        self._started = session.time.now()
        for key in filter(None, (session.target.api_key, session.target.second_key)):
            self._placeholders.key(key)

    @contextmanager
    def attached(self, started_at: str) -> Iterator[None]:
        """Write the header, and observe sockets, video and controls while this block runs."""
        target = self._session.target
        header = {
            "format": FORMAT,
            "recorded": started_at,
            "target": target.name if target.name in ("mock", "live") else "url",
            "began": self._started,
            "suite": suite_version(),
        }
        self._file.write(json.dumps(header) + "\n")
        controls = self._session.controls
        self._session.wrap_frame_source = self._observed_source
        OBSERVERS.append(self)
        if controls:
            controls.observers.append(self._record_control)
        try:
            yield
        finally:
            OBSERVERS.remove(self)
            self._session.wrap_frame_source = lambda frame_source: frame_source
            if controls:
                controls.observers.remove(self._record_control)

    def mark(self, what: str) -> None:
        """Record what comes next, such as the id of a check."""
        self._write({"next": what})

    def before(self, call: Call) -> None:
        """Assign a placeholder to the key before anything that holds it is written."""
        self._caller(call)

    def after(self, exchange: Exchange) -> None:
        call = exchange.call
        request: dict[str, Any] = {
            "caller": self._caller(call),
            "method": call.method,
            "path": self._placeholders.text(call.path),
            "headers": {
                name: self._placeholders.text(call.headers[name]) for name in REQUEST_HEADERS if name in call.headers
            },
        }
        if call.body:
            request["body"] = self._placeholders.text(call.body.decode("utf-8", "replace"))
        headers = {
            name: self._placeholders.text(exchange.headers[name]) for name in HEADERS if name in exchange.headers
        }
        headers |= {name: "(given)" for name in PRESENT if name in exchange.headers}
        answer = {"status": exchange.status, "headers": headers, **self._placeholders.body(exchange.body)}
        self._write({"call": request, "answer": answer, "took": round(exchange.seconds, 3)})

    def opened(self, socket: ResultSocketClient) -> None:
        self._opened += 1
        self._sockets[socket] = self._opened
        path = "/" + socket.url.split("/", 3)[3]
        self._write({"socket": self._sockets[socket], "opens": self._placeholders.text(path)})

    def sent(self, socket: ResultSocketClient, message: str | bytes) -> None:
        if socket not in self._sockets:
            return
        if isinstance(message, bytes):
            self._write({"socket": self._sockets[socket], "says_bytes": message.hex()})
            return
        with suppress(ValueError, TypeError, KeyError):
            self._key(str(json.loads(message)["api_key"]))
        self._write({"socket": self._sockets[socket], "says": self._placeholders.text(message)})

    def received(self, socket: ResultSocketClient, message: str | bytes) -> None:
        if socket in self._sockets:
            self._write({"socket": self._sockets[socket], "hears": self._message(message)})

    def closed(self, socket: ResultSocketClient) -> None:
        if socket in self._sockets:
            code, reason = socket.close_frame()
            end = {"code": code, "reason": self._placeholders.text(reason)}
            self._write({"socket": self._sockets.pop(socket), "closes": end})

    def _observed_source(self, frame_source: FrameSource) -> FrameSource:
        return frame_source if self._session.controls else _RecordedFrameSource(frame_source, self)

    def played(self, stream_id: str, seconds: float, fps: float, size: tuple[int, int]) -> None:
        body = {"seconds": seconds, "fps": fps, "width": size[0], "height": size[1]}
        self._record_control(f"/streams/{stream_id}/play", body)

    def _record_control(self, path: str, body: Any) -> None:
        """Every line has a time, so the clock need not be recorded; reading a balance changes nothing."""
        if path.startswith("/clock") or path == "/accounts/balance":
            return
        for name in ("api_key", "same_user_as"):
            if isinstance(body, dict) and isinstance(body.get(name), str):
                self._placeholders.key(body[name])
        self._write({"arranges": self._placeholders.text(path), "body": self._placeholders.value(body)})

    def _message(self, message: str | bytes) -> Any:
        with suppress(ValueError):
            return self._placeholders.value(json.loads(message))
        return self._placeholders.text(str(message))

    def _caller(self, call: Call) -> str | None:
        """The authorization of a call with a placeholder for its key: ``Bearer <key 1>``."""
        header = call.headers.get("authorization") or call.headers.get("Authorization")
        if header is None:
            return None
        scheme, space, key = header.rpartition(" ")
        return f"{scheme}{space}{self._key(key)}"

    def _key(self, key: str) -> str:
        """Checks derive the keys of further accounts from the target's key; the target knows no other key."""
        target = self._session.target
        known = key.startswith(target.api_key) or key == target.second_key
        return self._placeholders.key(key) if known else self._placeholders.foreign(key)

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps({"at": round(self._session.time.now() - self._started, 3), **entry})
        self._file.write(self._placeholders.text(line) + "\n")
        self._file.flush()


class _RecordedFrameSource:
    """A source of video that is recorded when it plays."""

    def __init__(self, frame_source: FrameSource, recorder: TranscriptRecorder) -> None:
        self._frame_source = frame_source
        self._recorder = recorder

    def play(self, stream_id: str, seconds: float, *, fps: float, size: tuple[int, int]) -> int:
        self._recorder.played(stream_id, seconds, fps, size)
        return self._frame_source.play(stream_id, seconds, fps=fps, size=size)
