"""v0.2: what results say, and how they come."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ovs_mock.api.message_filter import Item, MessageFilter
from ovs_mock.engine.commands import CreateStream
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.edits import Edit, change, drop, put, rename, wrapped
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.message_filters import SOCKET, filters, results, sockets
from ovs_mock.mutants.mutant import Mutant

AREA = Area("v02/results")


def _result(name: str, description: str, *edits: Edit) -> Mutant:
    return AREA(name, description, message_filter=results(*edits))


def _failed(name: str, description: str, *edits: Edit) -> Mutant:
    return AREA(name, description, message_filter=results(*edits, when=lambda result: not result["ok"]))


class Replay(MessageFilter):
    """Gives every result of the stream so far to a socket that comes later."""

    def __init__(self, request: MutantRequest) -> None:
        self._all: list[Item] = request.memory.setdefault(request.stream_id, [])
        self._missed = list(self._all)

    def on_send(self, item: Item) -> Iterable[Item]:
        missed, self._missed = self._missed, []
        if isinstance(item, str) and item not in self._all:
            self._all.append(item)
        return (*missed, item)


class FirstOnly(MessageFilter):
    """Gives results to the first socket of a stream only."""

    def __init__(self, request: MutantRequest) -> None:
        self._first = request.memory.setdefault(request.stream_id, self) is self

    def on_send(self, item: Item) -> Iterable[Item]:
        return (item,) if self._first or not isinstance(item, str) else ()


class Swapped(MessageFilter):
    """Gives results two by two, the later one first."""

    def __init__(self, _: MutantRequest) -> None:
        self._held: Item | None = None

    def on_send(self, item: Item) -> Iterable[Item]:
        held, self._held = self._held, None
        if isinstance(item, str) and held is None:
            self._held = item
            return ()
        return (item,) if held is None else (item, held) if isinstance(item, str) else (held, item)


class EveryOther(MessageFilter):
    """Loses every other result."""

    def __init__(self, _: MutantRequest) -> None:
        self._count = 0

    def on_send(self, item: Item) -> Iterable[Item]:
        self._count += isinstance(item, str)
        return () if isinstance(item, str) and self._count % 2 == 0 else (item,)


class Greeting(MessageFilter):
    """Says something of its own before the first result."""

    def __init__(self, _: MutantRequest) -> None:
        self._greeted = False

    def on_send(self, item: Item) -> Iterable[Item]:
        greeted, self._greeted = self._greeted, True
        return (item,) if greeted else ('{"type": "ready"}', item)


class SameId(MessageFilter):
    """Gives all results of a socket the id of the first one."""

    def __init__(self, _: MutantRequest) -> None:
        self._id: str | None = None

    def on_send(self, item: Item) -> Iterable[Item]:
        if not isinstance(item, str):
            return (item,)
        result = json.loads(item)
        self._id = self._id or result["id"]
        return (json.dumps({**result, "id": self._id}),)


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _without_schema(command: CreateStream) -> CreateStream:
    return replace(command, plan=replace(command.plan, output_schema=None)) if command.plan else command


def _without_limit(command: CreateStream) -> CreateStream:
    return replace(command, plan=replace(command.plan, max_output_tokens=None)) if command.plan else command


MUTANTS = (
    _result("v02-result-without-finish-reason", "results have no finish_reason", drop("finish_reason")),
    _result("v02-result-without-stream", "results do not say their stream", drop("stream_id")),
    _result("v02-result-without-error", "results that are ok have no field error", drop("error")),
    _result(
        "v02-result-error-empty",
        "the error of a result that is ok is empty and not null",
        change("error", lambda e: e or ""),
    ),
    _result("v02-result-renamed", "the result's text is called text", rename("result", "text")),
    _result("v02-result-parsed", "a result that is JSON is an object and not a string", change("result", _parsed)),
    _result("v02-result-ok-as-text", "ok is a string", change("ok", lambda ok: str(ok).lower())),
    _result("v02-result-mode-wrong", "the mode is always clip", put("mode", "clip")),
    _result("v02-result-backend-wrong", "the backend is always vllm", put("model_backend", "vllm")),
    _result(
        "v02-result-model-shortened",
        "the model has lost its provider",
        change("model_name", lambda m: m.rpartition("/")[2]),
    ),
    _result("v02-result-prompt-empty", "results do not repeat their prompt", put("prompt", "")),
    _result(
        "v02-result-finish-eos",
        "the finish_reason stop is called eos",
        change("finish_reason", lambda r: "eos" if r == "stop" else r),
    ),
    _result("v02-result-always-stop", "a result that was cut off says stop", put("finish_reason", "stop")),
    _result("v02-result-latency-as-text", "latencies are strings", change("inference_latency_ms", str)),
    _result(
        "v02-result-latency-in-seconds",
        "latencies are in seconds",
        change("inference_latency_ms", lambda ms: ms / 1_000),
        change("total_latency_ms", lambda ms: ms / 1_000),
    ),
    _result("v02-result-wrapped", "results stand inside data", wrapped("data")),
    _failed("v02-failure-as-ok", "an inference that failed is ok", put("ok", True)),
    _failed("v02-failure-unexplained", "an inference that failed does not say why", put("error", None)),
    _failed(
        "v02-failure-in-result",
        "an inference that failed says why in its result",
        lambda r: {**r, "result": r["error"]},
    ),
    AREA(
        "v02-failure-withheld",
        "inferences that failed make no result",
        message_filter=sockets(lambda item: () if isinstance(item, str) and not json.loads(item)["ok"] else (item,)),
    ),
    AREA(
        "v02-results-as-binary",
        "results are binary messages",
        message_filter=sockets(lambda item: (item.encode() if isinstance(item, str) else item,)),
    ),
    AREA(
        "v02-results-twice",
        "every result comes twice",
        message_filter=sockets(lambda item: (item, item) if isinstance(item, str) else (item,)),
    ),
    AREA(
        "v02-results-replayed",
        "a socket that comes later gets the results that it missed",
        message_filter=filters(SOCKET, Replay),
    ),
    AREA(
        "v02-results-to-one-socket",
        "only the first socket of a stream gets results",
        message_filter=filters(SOCKET, FirstOnly),
    ),
    AREA(
        "v02-results-out-of-order",
        "results come two by two, the later one first",
        message_filter=filters(SOCKET, Swapped),
    ),
    AREA("v02-results-lost", "every other result is lost", message_filter=filters(SOCKET, EveryOther)),
    AREA(
        "v02-results-announced",
        "a message that is no result comes before the first one",
        message_filter=filters(SOCKET, Greeting),
    ),
    AREA("v02-results-of-one-id", "all results have the id of the first one", message_filter=filters(SOCKET, SameId)),
    AREA(
        "v02-schema-ignored",
        "the output schema of a stream is ignored",
        engine=edit_command(CreateStream, lambda command, _: _without_schema(command)),
    ),
    AREA(
        "v02-token-limit-ignored",
        "the max_output_tokens of a stream are ignored",
        engine=edit_command(CreateStream, lambda command, _: _without_limit(command)),
    ),
)
