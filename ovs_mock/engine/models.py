"""The catalogue of vision-language models, whose status a test can set."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ovs_mock.engine.errors import RefusedError, Why


class ModelStatus(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    SATURATED = "saturated"
    UNAVAILABLE = "unavailable"

    @property
    def accepting(self) -> bool:
        """Whether new streams may use the model."""
        return self in (ModelStatus.READY, ModelStatus.DEGRADED)


# Ids that clients have built in.
DEFAULT_MODELS = (
    "Qwen/Qwen3.5-9B",
    "Qwen/Qwen3.5-27B",
    "Qwen/Qwen3-VL-30B-A3B-Instruct",
    "Qwen/Qwen3-VL-8B-Instruct",
    "OpenGVLab/InternVL3_5-30B-A3B",
)


@dataclass(slots=True)
class ModelEntry:
    id: str
    status: ModelStatus = ModelStatus.READY


class Catalogue:
    """Models by id, in the order in which they are listed."""

    def __init__(self, ids: Iterable[str] = DEFAULT_MODELS) -> None:
        self._entries = {id_: ModelEntry(id_) for id_ in ids}

    def list(self) -> list[ModelEntry]:
        return list(self._entries.values())

    def set_status(self, model: str, status: ModelStatus | str) -> None:
        """Set a model's status, adding the model if it is new."""
        self._entries.setdefault(model, ModelEntry(model)).status = ModelStatus(status)

    def require_accepting(self, model: str) -> None:
        """Refuse a model that is unknown or takes no new streams."""
        status = self._status(model)
        if not status.accepting:
            raise RefusedError(Why.MODEL_NOT_ACCEPTING, f"Model {model!r} is {status} and takes no new streams.")

    def require_reachable(self, model: str) -> None:
        """Refuse a model that is unknown or cannot be asked at all."""
        if self._status(model) is ModelStatus.UNAVAILABLE:
            raise RefusedError(Why.MODEL_NOT_ACCEPTING, f"Model {model!r} is unavailable.")

    def _status(self, model: str) -> ModelStatus:
        entry = self._entries.get(model)
        if entry is None:
            known = ", ".join(self._entries)
            raise RefusedError(Why.UNKNOWN_MODEL, f"Unknown model {model!r}; the models are {known}.")
        return entry.status
