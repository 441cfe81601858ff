"""Leases, credits and models that go wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ovs_mock.engine.commands import TerminateStream
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.stream import EndReason
from ovs_mock.faults.fault import FaultAction, Matcher
from ovs_mock.faults.matchers import CreditMatcher, ModelMatcher
from ovs_mock.faults.registry import FaultContext, ImmediateAction
from ovs_mock.model import Reply
from ovs_mock.runtime.alarms import Callback


@dataclass(frozen=True, slots=True)
class EndLease(ImmediateAction):
    """A stream ends."""

    reason: EndReason

    def __str__(self) -> str:
        return f"lease lost, {self.reason}"

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[str]:
        streams = stage.runtime.current_state().streams.values()
        return [stream.id for stream in streams if stream.running and aim.meets(stream.id)]

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        stage.runtime.do(TerminateStream(target, self.reason))
        return None


@dataclass(frozen=True, slots=True)
class ExhaustCredits(ImmediateAction):
    """An account has nothing left. What takes it back gives it what it had."""

    def __str__(self) -> str:
        return "run out"

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[str]:
        return [aim.api_key] if isinstance(aim, CreditMatcher) else []

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        account = stage.runtime.engine.state.accounts.authenticate(target)
        had, account.balance = account.balance, 0
        return lambda: account.credit(had)


@dataclass(frozen=True, slots=True)
class SetModelStatus(ImmediateAction):
    """A model is so. What takes it back makes it what it was."""

    status: ModelStatus

    def __str__(self) -> str:
        return str(self.status)

    def targets(self, stage: FaultContext, aim: Matcher) -> Iterable[tuple[str, ...]]:
        """All at once, as one occasion."""
        models = stage.runtime.engine.state.models
        named = aim.model if isinstance(aim, ModelMatcher) else None
        return [(named,) if named else tuple(entry.id for entry in models.list())]

    def act(self, stage: FaultContext, target: Any) -> Callback | None:
        models = stage.runtime.engine.state.models
        before = {model: entry.status for model in target if (entry := models.get(model))}
        for model in target:
            models.set_status(model, self.status)

        def undo() -> None:
            for model, status in before.items():
                models.set_status(model, status)

        return undo


@dataclass(frozen=True, slots=True)
class FailInference(FaultAction):
    """The model's provider does not answer a question as it should."""

    reply: Reply

    def __str__(self) -> str:
        return f"{self.reply.kind.name.lower()} failure: {self.reply.error}"
