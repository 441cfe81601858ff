"""The catalogue of vision-language models, whose status a test can set."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.service import Service
from ovs_mock.engine.tokens import VisualRule


class ModelStatus(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    SATURATED = "saturated"
    LOADING = "loading"
    UNAVAILABLE = "unavailable"

    @property
    def accepting(self) -> bool:
        """Whether new streams may use the model."""
        return self in (ModelStatus.READY, ModelStatus.DEGRADED)

    @property
    def reachable(self) -> bool:
        """Whether the model can be asked at all."""
        return self not in (ModelStatus.LOADING, ModelStatus.UNAVAILABLE)


@dataclass(slots=True)
class ModelEntry:
    """``video`` tells whether the model takes segments; all take images."""

    id: str
    status: ModelStatus = ModelStatus.READY
    services: frozenset[Service] = frozenset(Service)
    video: bool = True

    @property
    def hosted(self) -> bool:
        """Hosted ids name their maker before a slash; the others are passed through to their provider."""
        return "/" in self.id

    @property
    def provider(self) -> str:
        if self.hosted:
            return "overshoot"
        return {"gemini": "google", "claude": "anthropic"}.get(self.id.partition("-")[0], "openai")

    @property
    def visual(self) -> VisualRule:
        return VisualRule.BUDGET if "gemma" in self.id.lower() else VisualRule.BY_SIZE


_RESULTS = frozenset({Service.RESULTS})
_CHAT = frozenset({Service.CHAT})

# Ids that clients have built in, and those of the documents.
RESULT_MODELS = ("Qwen/Qwen3.5-27B", "Qwen/Qwen3-VL-8B-Instruct", "OpenGVLab/InternVL3_5-30B-A3B")
SHARED_MODELS = ("Qwen/Qwen3.5-9B", "Qwen/Qwen3-VL-30B-A3B-Instruct")
CHAT_MODELS = (
    "Qwen/Qwen3.6-27B-FP8",
    "Qwen/Qwen3.6-35B-A3B-FP8",
    "google/gemma-4-31B-it",
    "google/gemma-4-26B-A4B-it",
    "google/gemma-4-E4B-it",
    "Hcompany/Holo3-35B-A3B",
    "gemini-3-flash-preview",
    "gemini-3.1-pro-preview",
)
IMAGE_ONLY_MODELS = (
    "claude-haiku-4-5-20251001",
    "claude-sonnet-4-6",
    "claude-opus-4-6",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5.4-nano",
)


def default_models() -> list[ModelEntry]:
    """All of them, ready."""
    return [
        *(ModelEntry(id_) for id_ in SHARED_MODELS),
        *(ModelEntry(id_, services=_RESULTS) for id_ in RESULT_MODELS),
        *(ModelEntry(id_, services=_CHAT) for id_ in CHAT_MODELS),
        *(ModelEntry(id_, services=_CHAT, video=False) for id_ in IMAGE_ONLY_MODELS),
    ]


class Catalogue:
    """Models by id, in the order in which they are listed."""

    def __init__(self, entries: Iterable[ModelEntry] | None = None) -> None:
        self._entries = {entry.id: entry for entry in (default_models() if entries is None else entries)}

    def list(self, service: Service | None = None) -> list[ModelEntry]:
        """The models of a service, or all."""
        return [entry for entry in self._entries.values() if service is None or service in entry.services]

    def get(self, model: str) -> ModelEntry | None:
        return self._entries.get(model)

    def set_status(self, model: str, status: ModelStatus | str) -> None:
        """Set a model's status, adding the model if it is new."""
        self._entries.setdefault(model, ModelEntry(model)).status = ModelStatus(status)

    def require_accepting(self, model: str) -> None:
        """Refuse a model that is unknown or takes no new streams."""
        status = self._entry(model, Service.RESULTS).status
        if not status.accepting:
            raise CommandRejectedError(
                ErrorCode.MODEL_NOT_ACCEPTING, f"Model {model!r} is {status} and takes no new streams."
            )

    def require_reachable(self, model: str, service: Service) -> ModelEntry:
        """The model, unless it is unknown or cannot be asked at all."""
        entry = self._entry(model, service)
        if not entry.status.reachable:
            raise CommandRejectedError(ErrorCode.MODEL_NOT_ACCEPTING, f"Model {model!r} is {entry.status}.")
        return entry

    def _entry(self, model: str, service: Service) -> ModelEntry:
        entry = self._entries.get(model)
        if entry is None or service not in entry.services:
            known = ", ".join(entry.id for entry in self.list(service))
            raise CommandRejectedError(ErrorCode.UNKNOWN_MODEL, f"Unknown model {model!r}; the models are {known}.")
        return entry
