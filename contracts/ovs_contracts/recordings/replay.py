"""Replays a transcript to a target: makes the recorded calls at the recorded times, and compares the answers."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.differential.difference import Difference, differences
from ovs_contracts.differential.normalisation import Normaliser
from ovs_contracts.recordings.bindings import Bindings, TranscriptNames
from ovs_contracts.recordings.entries import Entry, preceding, read, text
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Deviation, Exchange, InconclusiveError
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.sockets import ResultSocketClient

SOCKET_TIMEOUT = 3.0

Places = Iterator[tuple[str, object, object]]


def check_recording(path: Path, target: Target) -> list[Difference]:
    """Where the target answers otherwise than the recorded one, each kind of difference once. A is the recording."""
    header, entries = read(path)
    with open_session(target) as session:
        replay = _Replay(session, header["began"])
        try:
            return list(replay.differences(entries))
        finally:
            replay.close()


class _Replay:
    """Replays the entries of one transcript."""

    def __init__(self, session: TargetSession, recorded_start: float) -> None:
        self._session = session
        self._call = HttpClient(session.target.origin, session.limits.observers, verify=session.target.tls or True)
        self._bindings = Bindings(session)
        self._recorded_normaliser = Normaliser(strict=False)
        self._normaliser = TranscriptNames(self._bindings, strict=False)
        self._sockets: dict[int, ResultSocketClient] = {}
        self._recorded_start = recorded_start
        self._started = session.time.now()
        self._last: Exchange | None = None

    def differences(self, entries: Sequence[Entry]) -> Iterator[Difference]:
        reported: set[tuple[str, str]] = set()
        for number, entry in enumerate(entries):
            self._wait_until(entry["at"])
            self._last = None
            places = list(self._do(entry))
            # Once for each entry, as real time passes on the target's clock meanwhile.
            before = tuple(map(text, preceding(entries[:number], entry))) if places else ()
            for place, expected, seen in places:
                difference = Difference(text(entry), place, expected, seen, before, curl_b=self._curl())
                if difference.kind not in reported:
                    reported.add(difference.kind)
                    yield difference

    def _curl(self) -> str:
        return self._last.call.curl() if self._last else ""

    def close(self) -> None:
        for socket in self._sockets.values():
            with suppress(Exception):
                socket.close()
        self._call.close()

    def _do(self, entry: Entry) -> Places:
        match entry:
            case {"call": call, "answer": answer}:
                yield from self._repeat(call, answer, self._recorded_start + entry["at"])
            case {"socket": int(number), "opens": str(path)}:
                url = self._session.target.websocket_origin + self._bindings.resolve(path)
                self._sockets[number] = ResultSocketClient(url, tls=self._session.target.tls)
            case {"socket": int(number), "says": str(message)} if number in self._sockets:
                self._sockets[number].send(self._bindings.resolve(message))
            case {"socket": int(number), "says_bytes": str(message)} if number in self._sockets:
                self._sockets[number].send(bytes.fromhex(message))
            case {"socket": int(number), "hears": message} if number in self._sockets:
                yield from self._receive(self._sockets[number], message, self._recorded_start + entry["at"])
            case {"socket": int(number), "closes": end} if number in self._sockets:
                yield from self._close(self._sockets.pop(number), end)
            case {"arranges": str(path), "body": body} if self._session.controls:
                # This target may lack a control; then the answers differ.
                with suppress(InconclusiveError):
                    self._session.controls.post(
                        self._bindings.resolve(path), json.loads(self._bindings.resolve(json.dumps(body)))
                    )
            case _:
                pass

    def _repeat(self, call: Entry, answer: Entry, recorded_at: float) -> Places:
        body = call.get("body")
        headers = {name: self._bindings.resolve(value) for name, value in call["headers"].items()}
        if call["caller"] is not None:
            headers["Authorization"] = self._bindings.resolve(call["caller"])
        exchange = self._last = self._call(
            call["method"],
            self._bindings.resolve(call["path"]),
            content=None if body is None else self._bindings.resolve(body).encode(),
            headers=headers,
        )
        if "json" in answer:
            with suppress(AssertionError):
                self._bindings.learn(answer["json"], exchange.json)
        raw = json.dumps(answer["json"]) if "json" in answer else answer["text"]
        recorded = {
            "status": answer["status"],
            "headers": self._recorded_normaliser.headers(answer["headers"]),
            "body": self._recorded_normaliser.body(
                raw.encode(), answer["headers"].get("content-type", ""), recorded_at
            ),
        }
        yield from differences(recorded, self._normaliser.answer(exchange, self._session.time.now()))

    def _receive(self, socket: ResultSocketClient, message: Any, recorded_at: float) -> Places:
        try:
            received = socket.receive(timeout=SOCKET_TIMEOUT)
        except Deviation as timeout:
            yield "message", "a message", timeout.seen
            return
        self._bindings.learn(message, received)
        seen = self._normaliser.message(received, self._session.time.now())
        yield from differences({"message": self._recorded_normaliser.message(message, recorded_at)}, {"message": seen})

    def _close(self, socket: ResultSocketClient, end: Entry) -> Places:
        """Compare the close frame, unless the client closed the socket."""
        with socket:
            if end["code"] in (1000, 1005, 1006):
                return
            with suppress(Deviation):
                socket.wait_closed(timeout=SOCKET_TIMEOUT)
            yield from differences({"close": (end["code"], end["reason"])}, {"close": socket.close_frame()})

    def _wait_until(self, at: float) -> None:
        rest = at - (self._session.time.now() - self._started)
        if rest > 0:
            self._session.time.let_pass(rest)
