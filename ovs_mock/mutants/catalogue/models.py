"""v1 and v1beta: the list of models."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.engine.models import ModelStatus
from ovs_mock.mutants.area import Area, version_area
from ovs_mock.mutants.catalogue.routes import in_turn, models
from ovs_mock.mutants.edits import Edit, change, drop, put, rename
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import on, respond, without_key

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

V1_MODELS = Area("v1/models")
V1BETA_MODELS = Area("v1beta/models")


def _of(version: str) -> Iterator[Mutant]:
    area = version_area(version, "models")
    for name, description, edits in EDITS:
        yield area(f"models-{name}", description, on(models(version), 200, *edits))
    yield area(
        "models-need-a-key",
        "the list of models needs a key",
        override=respond(models(version), 401, NO_KEY, when=without_key),
    )


def _statuses(version: str, **statuses: str | None) -> Callable[[ChatVersion], ChatVersion]:
    def edit(of: ChatVersion) -> ChatVersion:
        if of.prefix != f"/{version}":
            return of
        changed: dict[ModelStatus, Any] = {ModelStatus(status): text for status, text in statuses.items()}
        return replace(of, model_statuses={**of.model_statuses, **changed})

    return edit


MUTANTS = (
    *in_turn(_of),
    V1_MODELS(
        "v1-models-unavailable-listed",
        "v1: models that are not there are listed",
        chat_version=_statuses("v1", unavailable="unavailable"),
    ),
    V1_MODELS(
        "v1-models-loading-hidden", "v1: models that load are not listed", chat_version=_statuses("v1", loading=None)
    ),
    V1_MODELS(
        "v1-models-loading-as-ready",
        "v1: models that load are listed as ready",
        chat_version=_statuses("v1", loading="ready"),
    ),
    V1BETA_MODELS(
        "v1beta-models-unavailable-hidden",
        "v1beta: models that are not there are not listed",
        chat_version=_statuses("v1beta", unavailable=None),
    ),
    V1BETA_MODELS(
        "v1beta-models-unavailable-as-ready",
        "v1beta: models that are not there are listed as ready",
        chat_version=_statuses("v1beta", unavailable="ready"),
    ),
    V1BETA_MODELS(
        "v1beta-models-without-others",
        "v1beta: models of other providers are not listed",
        chat_version=lambda of: replace(of, passthrough_models=False),
    ),
)
