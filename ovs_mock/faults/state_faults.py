"""Leases, credits and models that go wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ovs_mock.engine.commands import BreakOff
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.stream import EndReason
from ovs_mock.faults.fault import Aim, Deed
from ovs_mock.faults.matchers import Credits, OfModel
from ovs_mock.faults.registry import EagerDeed, Stage
from ovs_mock.model import Reply
from ovs_mock.runtime.alarms import Act


@dataclass(frozen=True, slots=True)
class LoseLease(EagerDeed):
    """A stream ends."""

    reason: EndReason

    def __str__(self) -> str:
        return f"lease lost, {self.reason}"

    def targets(self, stage: Stage, aim: Aim) -> Iterable[str]:
        streams = stage.runtime.look().streams.values()
        return [stream.id for stream in streams if stream.running and aim.meets(stream.id)]

    def act(self, stage: Stage, target: Any) -> Act | None:
        stage.runtime.do(BreakOff(target, self.reason))
        return None


@dataclass(frozen=True, slots=True)
class RunOut(EagerDeed):
    """An account has nothing left. What takes it back gives it what it had."""

    def __str__(self) -> str:
        return "run out"

    def targets(self, stage: Stage, aim: Aim) -> Iterable[str]:
        return [aim.api_key] if isinstance(aim, Credits) else []

    def act(self, stage: Stage, target: Any) -> Act | None:
        account = stage.runtime.engine.world.accounts.authenticate(target)
        had, account.balance = account.balance, 0
        return lambda: account.credit(had)


@dataclass(frozen=True, slots=True)
class SetModelStatus(EagerDeed):
    """A model is so. What takes it back makes it what it was."""

    status: ModelStatus

    def __str__(self) -> str:
        return str(self.status)

    def targets(self, stage: Stage, aim: Aim) -> Iterable[tuple[str, ...]]:
        """All at once, as one occasion."""
        models = stage.runtime.engine.world.models
        named = aim.model if isinstance(aim, OfModel) else None
        return [(named,) if named else tuple(entry.id for entry in models.list())]

    def act(self, stage: Stage, target: Any) -> Act | None:
        models = stage.runtime.engine.world.models
        before = {model: entry.status for model in target if (entry := models.get(model))}
        for model in target:
            models.set_status(model, self.status)

        def undo() -> None:
            for model, status in before.items():
                models.set_status(model, status)

        return undo


@dataclass(frozen=True, slots=True)
class Fail(Deed):
    """The model's provider does not answer a question as it should."""

    reply: Reply

    def __str__(self) -> str:
        return f"{self.reply.kind.name.lower()} failure: {self.reply.error}"
