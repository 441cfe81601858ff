"""v0.2: the list of models, and which of them take streams."""

from dataclasses import replace

from ovs_mock.engine.commands import CreateStream
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.answers import instead, on
from ovs_mock.mutants.catalogue.routes import MODELS
from ovs_mock.mutants.edits import change, drop, put, rename, wrapped
from ovs_mock.mutants.engines import asking
from ovs_mock.mutants.mutant import Mutant

AREA = "v02/models"
KNOWN = "Qwen/Qwen3.5-9B"


def _any_model(command: CreateStream, world: EngineState) -> CreateStream:
    if command.plan is None or world.models.get(command.plan.model):
        return command
    return replace(command, plan=replace(command.plan, model=KNOWN))


def _busy_model(command: CreateStream, world: EngineState) -> CreateStream:
    entry = world.models.get(command.plan.model) if command.plan else None
    if command.plan is None or entry is None or entry.status is not ModelStatus.SATURATED:
        return command
    return replace(command, plan=replace(command.plan, model=KNOWN))


MUTANTS = (
    Mutant(
        name="v02-models-wrapped",
        area=AREA,
        description="the list of models is an object with data",
        response=on(MODELS, 200, wrapped("data")),
    ),
    Mutant(
        name="v02-models-open",
        area=AREA,
        description="the list of models needs no key",
        override=instead(
            MODELS, 200, [{"model": KNOWN, "ready": True, "status": "ready"}], when=lambda asked: asked.key is None
        ),
    ),
    Mutant(
        name="v02-models-id-renamed",
        area=AREA,
        description="the name of a model is called id",
        response=on(MODELS, 200, rename("*.model", "id")),
    ),
    Mutant(
        name="v02-models-without-status",
        area=AREA,
        description="models have no status",
        response=on(MODELS, 200, drop("*.status")),
    ),
    Mutant(
        name="v02-models-ready-as-text",
        area=AREA,
        description="ready is a string",
        response=on(MODELS, 200, change("*.ready", lambda ready: str(ready).lower())),
    ),
    Mutant(
        name="v02-models-always-ready",
        area=AREA,
        description="ready is true for saturated models too",
        response=on(MODELS, 200, put("*.ready", True)),
    ),
    Mutant(
        name="v02-models-degraded-not-ready",
        area=AREA,
        description="ready is false for degraded models",
        response=on(MODELS, 200, lambda body: [{**entry, "ready": entry["status"] == "ready"} for entry in body]),
    ),
    Mutant(
        name="v02-unknown-model-accepted",
        area=AREA,
        description="a stream may name a model that nobody knows",
        engine=asking(CreateStream, _any_model),
    ),
    Mutant(
        name="v02-saturated-model-accepted",
        area=AREA,
        description="a saturated model takes new streams",
        engine=asking(CreateStream, _busy_model),
    ),
)
