"""One of the two targets, and what is known there by the names of the sequence."""

import json
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
# How many results more or less mean nothing.
MESSAGES = 4


class DifferentialEndpoint:
    """Does steps at one target."""

    def __init__(self, session: TargetSession, *, strict: bool) -> None:
        self.session = session
        target = session.target
        # Whether an answer is as in the contract is not the question here.
        observers = [each for each in session.call.observers if not isinstance(each, ResponseValidator)]
        self.call = HttpClient(target.origin, observers, verify=target.tls or True)
        self.normal = Normaliser(strict=strict)
        self.keys: dict[str, str | None] = {"owner": session.new_key(), "nobody": None, "anybody": "no-key-of-anybody"}
        if Capability.ACCOUNTS in target.powers:
            self.keys["stranger"] = session.new_key()
        elif target.second_key:
            self.keys["stranger"] = target.second_key
        self.ids: dict[str, str] = {}
        self.last: Exchange | None = None
        """The newest answer, for whoever wants to show how it came about."""
        self._since = stopwatch()

    def knows(self, step: Step) -> bool:
        """Whether the streams that it speaks of could be made."""
        if isinstance(step, PlayStep | SocketStep):
            return step.stream in self.ids
        text = (
            step.path + json.dumps(step.body if step.body is not NOTHING else "") if isinstance(step, CallStep) else ""
        )
        names = {f"s{number}" for number in range(1, 1000) if f"{{s{number}}}" in text} if "{s" in text else set()
        return names <= set(self.ids)

    def do(self, step: Step) -> dict[str, Any]:
        """What the step brought, normalised."""
        self.last = None
        match step:
            case CallStep():
                return self._ask(step)
            case WaitStep(seconds):
                self._let_pass(seconds)
                return {}
            case PlayStep():
                return {"frames": self._play(step.stream, step.seconds, step.fps)}
            case SocketStep():
                return self._watch(step)

    def close(self) -> None:
        self.session.tidy()
        self.call.close()

    def _ask(self, step: CallStep) -> dict[str, Any]:
        body = step.body
        if body is not NOTHING:
            body = json.loads(self._named(json.dumps(body)))
        exchange = self.call(
            step.method,
            self._named(step.path),
            key=self.keys[step.caller],
            body=ABSENT if body is NOTHING else body,
            headers={"Origin": ORIGIN, **step.headers},
        )
        self.last = exchange
        if step.makes and exchange.status == 201:
            self._made(step.makes, exchange)
        return self.normal.answer(exchange, self.session.time.now())

    def _made(self, name: str, exchange: Exchange) -> None:
        id_ = str(exchange.json.get("stream_id") or exchange.json.get("id"))
        if name == "odd":
            version = exchange.call.path.split("/")[1]
            self.session.delete(version, id_, str(self.keys["owner"]))
        else:
            self.ids[name] = id_

    def _let_pass(self, seconds: float) -> None:
        """Real time that has gone by since the last time counts, where the clock can be moved."""
        gone = stopwatch() - self._since if self.session.target.controlled else 0.0
        self.session.time.let_pass(max(0.0, seconds - gone))
        self._since = stopwatch()

    def _play(self, name: str, seconds: float, fps: float) -> int | str:
        began = stopwatch()
        try:
            frames = self.session.footage.play(self.ids[name], seconds, fps=fps, size=SIZE)
        except (AssertionError, InconclusiveError):
            return "no video could come in"
        # A clock that is moved stands still meanwhile.
        self._since += stopwatch() - began
        return frames if self.session.target.controlled else "some"

    def _watch(self, step: SocketStep) -> dict[str, Any]:
        url = f"{self.session.target.websocket_origin}/v0.2/ws/streams/{self.ids[step.stream]}"
        with ResultSocketClient(url, tls=self.session.target.tls) as socket:
            socket.authenticate(self.keys[step.caller] or "")
            # Whoever is not let in is told so now; an answer to a ping comes behind that.
            socket.waiting()
            if step.seconds:
                self._play(step.stream, step.seconds, 5.0)
            messages = [self.normal.message(each, self.session.time.now()) for each in socket.waiting()]
            closed = None
            if not step.seconds or step.caller != "owner":
                with suppress(AssertionError):
                    closed = socket.closed(timeout=5)
        return {"messages": kinds(messages), "count": ApproximateValue(len(messages), MESSAGES), "close": closed}

    def _named(self, text: str) -> str:
        for name, id_ in self.ids.items():
            text = text.replace(f"{{{name}}}", id_)
        return text


def kinds(messages: list[Any]) -> list[Any]:
    """What sorts of messages there were, and whether one came twice: how many is a matter of moments."""
    ids = [each.get("id") for each in messages]
    twice: list[Any] = ["one came twice"] if len(ids) != len(set(ids)) else []
    plain = [{name: value for name, value in each.items() if name not in ("id", "result")} for each in messages]
    return twice + [each for number, each in enumerate(plain) if each not in plain[:number]]
