"""v1 and v1beta: the list of models."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.models import ModelStatus
from ovs_mock.mutants.answers import instead, on, without_key
from ovs_mock.mutants.catalogue.routes import in_turn, models
from ovs_mock.mutants.edits import Edit, change, drop, put, rename
from ovs_mock.mutants.mutant import Mutant

NO_KEY = {"detail": "No API key."}

EDITS: tuple[tuple[str, str, tuple[Edit, ...]], ...] = (
    ("bare", "the list of models is a bare array", (lambda body: body["data"],)),
    ("id-renamed", "the id of a model is called model", (rename("data.*.id", "model"),)),
    ("without-status", "models have no status", (drop("data.*.status"),)),
    (
        "created-in-milliseconds",
        "created of a model is in milliseconds",
        (change("data.*.created", lambda s: s * 1_000),),
    ),
    ("owner-null", "owned_by of a model is null", (put("data.*.owned_by", None),)),
    ("object-wrong", "the object of a model is engine", (put("data.*.object", "engine"),)),
    ("ids-in-small-letters", "ids of models are written in small letters", (change("data.*.id", str.lower),)),
    ("empty", "the list of models is empty", (put("data", []),)),
)


def _of(version: str) -> Iterator[Mutant]:
    area = f"{version}/models"
    for name, description, edits in EDITS:
        yield Mutant(
            name=f"{version}-models-{name}",
            area=area,
            description=f"{version}: {description}",
            response=on(models(version), 200, *edits),
        )
    yield Mutant(
        name=f"{version}-models-need-a-key",
        area=area,
        description=f"{version}: the list of models needs a key",
        override=instead(models(version), 401, NO_KEY, when=without_key),
    )


def _statuses(version: str, **shown: str | None) -> Callable[[ChatVersion], ChatVersion]:
    def dialect(of: ChatVersion) -> ChatVersion:
        if of.prefix != f"/{version}":
            return of
        changed: dict[ModelStatus, Any] = {ModelStatus(status): text for status, text in shown.items()}
        return replace(of, model_statuses={**of.model_statuses, **changed})

    return dialect


MUTANTS = (
    *in_turn(_of),
    Mutant(
        name="v1-models-unavailable-listed",
        area="v1/models",
        description="v1: models that are not there are listed",
        chat_version=_statuses("v1", unavailable="unavailable"),
    ),
    Mutant(
        name="v1-models-loading-hidden",
        area="v1/models",
        description="v1: models that load are not listed",
        chat_version=_statuses("v1", loading=None),
    ),
    Mutant(
        name="v1-models-loading-as-ready",
        area="v1/models",
        description="v1: models that load are listed as ready",
        chat_version=_statuses("v1", loading="ready"),
    ),
    Mutant(
        name="v1beta-models-unavailable-hidden",
        area="v1beta/models",
        description="v1beta: models that are not there are not listed",
        chat_version=_statuses("v1beta", unavailable=None),
    ),
    Mutant(
        name="v1beta-models-unavailable-as-ready",
        area="v1beta/models",
        description="v1beta: models that are not there are listed as ready",
        chat_version=_statuses("v1beta", unavailable="ready"),
    ),
    Mutant(
        name="v1beta-models-without-others",
        area="v1beta/models",
        description="v1beta: models of other providers are not listed",
        chat_version=lambda of: replace(of, passthrough_models=False),
    ),
)
