"""Holds a target against a transcript: the same is said to it, at the same times, and what it answers is compared."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ovs_contracts.client.session import TargetSession, opened
from ovs_contracts.differential.difference import Difference, differences
from ovs_contracts.differential.normalisation import Normaliser
from ovs_contracts.recordings.bindings import Bindings, TranscriptNames
from ovs_contracts.recordings.entries import Entry, leading, read, shown
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Deviation, Exchange, InconclusiveError
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.sockets import ResultSocketClient

# For what comes on a socket.
PATIENCE = 3.0

Differing = Iterator[tuple[str, object, object]]


def check_recording(path: Path, target: Target) -> list[Difference]:
    """Where the target answers otherwise than the transcript says, each kind once. A is what was recorded."""
    about, entries = read(path)
    with opened(target) as session:
        replay = _Replay(session, about["began"])
        try:
            return list(replay.differences(entries))
        finally:
            replay.close()


class _Replay:
    """Says to a target what a transcript says."""

    def __init__(self, session: TargetSession, began: float) -> None:
        self._session = session
        self._call = HttpClient(session.target.origin, session.guards.observers, verify=session.target.tls or True)
        self._bindings = Bindings(session)
        self._recorded = Normaliser(strict=False)
        self._seen = TranscriptNames(self._bindings, strict=False)
        self._sockets: dict[int, ResultSocketClient] = {}
        self._began = began
        self._started = session.time.now()
        self._last: Exchange | None = None

    def differences(self, entries: Sequence[Entry]) -> Iterator[Difference]:
        told: set[tuple[str, str]] = set()
        for number, entry in enumerate(entries):
            self._wait_until(entry["at"])
            self._last = None
            for place, expected, seen in self._do(entry):
                before = tuple(shown(each) for each in leading(entries[:number], entry))
                difference = Difference(shown(entry), place, expected, seen, before, curl_b=self._curl())
                if difference.kind not in told:
                    told.add(difference.kind)
                    yield difference

    def _curl(self) -> str:
        return self._last.call.curl() if self._last else ""

    def close(self) -> None:
        for socket in self._sockets.values():
            with suppress(Exception):
                socket.close()
        self._call.close()

    def _do(self, entry: Entry) -> Differing:
        match entry:
            case {"call": call, "answer": answer}:
                yield from self._ask(call, answer, self._began + entry["at"])
            case {"socket": int(number), "opens": str(path)}:
                url = self._session.target.websocket_origin + self._bindings.said(path)
                self._sockets[number] = ResultSocketClient(url, tls=self._session.target.tls)
            case {"socket": int(number), "says": str(message)} if number in self._sockets:
                self._sockets[number].send(self._bindings.said(message))
            case {"socket": int(number), "says_bytes": str(message)} if number in self._sockets:
                self._sockets[number].send(bytes.fromhex(message))
            case {"socket": int(number), "hears": message} if number in self._sockets:
                yield from self._hear(self._sockets[number], message, self._began + entry["at"])
            case {"socket": int(number), "closes": end} if number in self._sockets:
                yield from self._close(self._sockets.pop(number), end)
            case {"arranges": str(path), "body": body} if self._session.controls:
                # What the recorded target could do this one may not; answers will tell.
                with suppress(InconclusiveError):
                    said = json.loads(self._bindings.said(json.dumps(body)))
                    self._session.controls.post(self._bindings.said(path), said)
            case _:
                pass

    def _ask(self, call: Entry, answer: Entry, moment: float) -> Differing:
        body = call.get("body")
        headers = {name: self._bindings.said(value) for name, value in call["headers"].items()}
        if call["caller"] is not None:
            headers["Authorization"] = self._bindings.said(call["caller"])
        exchange = self._last = self._call(
            call["method"],
            self._bindings.said(call["path"]),
            content=None if body is None else self._bindings.said(body).encode(),
            headers=headers,
        )
        if "json" in answer:
            with suppress(AssertionError):
                self._bindings.learn(answer["json"], exchange.json)
        raw = json.dumps(answer["json"]) if "json" in answer else answer["text"]
        recorded = {
            "status": answer["status"],
            "headers": self._recorded.headers(answer["headers"]),
            "body": self._recorded.body(raw.encode(), answer["headers"].get("content-type", ""), moment),
        }
        yield from differences(recorded, self._seen.answer(exchange, self._session.time.now()))

    def _hear(self, socket: ResultSocketClient, message: Any, moment: float) -> Differing:
        try:
            heard = socket.receive(timeout=PATIENCE)
        except Deviation as silence:
            yield "message", "a message", silence.seen
            return
        self._bindings.learn(message, heard)
        seen = self._seen.message(heard, self._session.time.now())
        yield from differences({"message": self._recorded.message(message, moment)}, {"message": seen})

    def _close(self, socket: ResultSocketClient, end: Entry) -> Differing:
        """The close frame, where the target sent it."""
        with socket:
            if end["code"] in (1000, 1005, 1006):
                return
            with suppress(Deviation):
                socket.closed(timeout=PATIENCE)
            yield from differences({"close": (end["code"], end["reason"])}, {"close": socket.close_frame()})

    def _wait_until(self, at: float) -> None:
        ahead = at - (self._session.time.now() - self._started)
        if ahead > 0:
            self._session.time.let_pass(ahead)
