"""One of the two targets: executes steps there, and keeps the ids that the names of the sequence stand for."""

import json
import re
from contextlib import suppress
from typing import Any

from ovs_contracts.client.response_validator import ResponseValidator
from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.normalisation import ApproximateValue, Normaliser
from ovs_contracts.differential.steps import NOTHING, CallStep, PlayStep, SocketStep, Step, WaitStep
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.transport.exchange import Exchange, InconclusiveError
from ovs_contracts.transport.http_client import ABSENT, HttpClient
from ovs_contracts.transport.realtime import stopwatch
from ovs_contracts.transport.sockets import ResultSocketClient

ORIGIN = "https://app.example.com"
SIZE = (320, 192)
# So many results more or less are no difference.
MESSAGE_TOLERANCE = 4


class DifferentialEndpoint:
    """Executes steps at one target."""

    def __init__(self, session: TargetSession, *, strict: bool) -> None:
        self.session = session
        target = session.target
        # Answers are compared with each other here, and not with the contract.
        observers = [each for each in session.http.observers if not isinstance(each, ResponseValidator)]
        self.call = HttpClient(target.origin, observers, verify=target.tls or True)
        self.normaliser = Normaliser(strict=strict)
        self.keys: dict[str, str | None] = {"owner": session.new_key(), "nobody": None, "anybody": "no-key-of-anybody"}
        if Capability.ACCOUNTS in target.capabilities:
            self.keys["stranger"] = session.new_key()
        elif target.second_key:
            self.keys["stranger"] = target.second_key
        self.ids: dict[str, str] = {}
        self.last: Exchange | None = None
        """The newest answer of the current step."""
        self._waited_at = stopwatch()

    def can_do(self, step: Step) -> bool:
        """Whether the streams that a step uses could be made."""
        if isinstance(step, PlayStep | SocketStep):
            return step.stream in self.ids
        if not isinstance(step, CallStep):
            return True
        text = step.path + json.dumps(step.body if step.body is not NOTHING else "")
        return set(re.findall(r"\{(s\d+)\}", text)) <= set(self.ids)

    def do(self, step: Step) -> dict[str, Any]:
        """Execute a step; returns its result, normalised."""
        self.last = None
        match step:
            case CallStep():
                return self._call(step)
            case WaitStep(seconds):
                self._wait(seconds)
                return {}
            case PlayStep():
                return {"frames": self._play(step.stream, step.seconds, step.fps)}
            case SocketStep():
                return self._watch(step)

    def close(self) -> None:
        self.session.end_streams()
        self.call.close()

    def _call(self, step: CallStep) -> dict[str, Any]:
        body = step.body
        if body is not NOTHING:
            body = json.loads(self._with_ids(json.dumps(body)))
        exchange = self.call(
            step.method,
            self._with_ids(step.path),
            key=self.keys[step.caller],
            body=ABSENT if body is NOTHING else body,
            headers={"Origin": ORIGIN, **step.headers},
        )
        self.last = exchange
        if step.makes and exchange.status == 201:
            self._keep_id(step.makes, exchange)
        return self.normaliser.answer(exchange, self.session.time.now())

    def _keep_id(self, name: str, exchange: Exchange) -> None:
        id_ = str(exchange.json.get("stream_id") or exchange.json.get("id"))
        if name == "odd":
            version = exchange.call.path.split("/")[1]
            self.session.delete(version, id_, str(self.keys["owner"]))
        else:
            self.ids[name] = id_

    def _wait(self, seconds: float) -> None:
        """Where the clock can be moved, the real time since the last wait counts as a part of this one."""
        elapsed = stopwatch() - self._waited_at if self.session.target.controlled else 0.0
        self.session.time.let_pass(max(0.0, seconds - elapsed))
        self._waited_at = stopwatch()

    def _play(self, name: str, seconds: float, fps: float) -> int | str:
        started = stopwatch()
        try:
            frames = self.session.frame_source.play(self.ids[name], seconds, fps=fps, size=SIZE)
        except (AssertionError, InconclusiveError):
            return "no video could come in"
        # A clock that can be moved stands still meanwhile.
        self._waited_at += stopwatch() - started
        return frames if self.session.target.controlled else "some"

    def _watch(self, step: SocketStep) -> dict[str, Any]:
        url = f"{self.session.target.websocket_origin}/v0.2/ws/streams/{self.ids[step.stream]}"
        with ResultSocketClient(url, tls=self.session.target.tls) as socket:
            socket.authenticate(self.keys[step.caller] or "")
            # The server refuses a key before it answers the ping.
            socket.receive_available()
            if step.seconds:
                self._play(step.stream, step.seconds, 5.0)
            messages = [self.normaliser.message(each, self.session.time.now()) for each in socket.receive_available()]
            closed = None
            if not step.seconds or step.caller != "owner":
                with suppress(AssertionError):
                    closed = socket.wait_closed(timeout=5)
        return {
            "messages": distinct(messages),
            "count": ApproximateValue(len(messages), MESSAGE_TOLERANCE),
            "close": closed,
        }

    def _with_ids(self, text: str) -> str:
        for name, id_ in self.ids.items():
            text = text.replace(f"{{{name}}}", id_)
        return text


def distinct(messages: list[Any]) -> list[Any]:
    """The different messages without ids and results, and whether one came twice. Their number depends on timing."""
    ids = [each.get("id") for each in messages]
    twice: list[Any] = ["one came twice"] if len(ids) != len(set(ids)) else []
    plain = [{name: value for name, value in each.items() if name not in ("id", "result")} for each in messages]
    return twice + [each for number, each in enumerate(plain) if each not in plain[:number]]
