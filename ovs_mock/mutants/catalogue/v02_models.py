"""v0.2: the list of models, and which of them take streams."""

from dataclasses import replace

from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import MODELS
from ovs_mock.mutants.edits import change, drop, put, rename, wrapped
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.responses import on, respond

AREA = Area("v02/models")
KNOWN = "Qwen/Qwen3.5-9B"


def _any_model(command: CreateStream, state: EngineState) -> CreateStream:
    if command.plan is None or state.models.get(command.plan.model):
        return command
    return replace(command, plan=replace(command.plan, model=KNOWN))


def _busy_model(command: CreateStream, state: EngineState) -> CreateStream:
    entry = state.models.get(command.plan.model) if command.plan else None
    if command.plan is None or entry is None or entry.status is not ModelStatus.SATURATED:
        return command
    return replace(command, plan=replace(command.plan, model=KNOWN))


MUTANTS = (
    AREA("v02-models-wrapped", "the list of models is an object with data", on(MODELS, 200, wrapped("data"))),
    AREA(
        "v02-models-open",
        "the list of models needs no key",
        override=respond(
            MODELS, 200, [{"model": KNOWN, "ready": True, "status": "ready"}], when=lambda request: request.key is None
        ),
    ),
    AREA("v02-models-id-renamed", "the name of a model is called id", on(MODELS, 200, rename("*.model", "id"))),
    AREA("v02-models-without-status", "models have no status", on(MODELS, 200, drop("*.status"))),
    AREA(
        "v02-models-ready-as-text",
        "ready is a string",
        on(MODELS, 200, change("*.ready", lambda ready: str(ready).lower())),
    ),
    AREA("v02-models-always-ready", "ready is true for saturated models too", on(MODELS, 200, put("*.ready", True))),
    AREA(
        "v02-models-degraded-not-ready",
        "ready is false for degraded models",
        on(MODELS, 200, lambda body: [{**entry, "ready": entry["status"] == "ready"} for entry in body]),
    ),
    AREA(
        "v02-unknown-model-accepted",
        "a stream may name a model that nobody knows",
        engine=edit_command(CreateStream, _any_model),
    ),
    AREA(
        "v02-saturated-model-accepted",
        "a saturated model takes new streams",
        engine=edit_command(CreateStream, _busy_model),
    ),
)
