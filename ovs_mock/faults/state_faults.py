"""Actions on leases, credits and models."""

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
    """Ends a stream."""

    reason: EndReason

    def __str__(self) -> str:
        return f"lease lost, {self.reason}"

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[str]:
        streams = context.runtime.current_state().streams.values()
        return [stream.id for stream in streams if stream.running and matcher.matches(stream.id)]

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        context.runtime.do(TerminateStream(target, self.reason))
        return None


@dataclass(frozen=True, slots=True)
class ExhaustCredits(ImmediateAction):
    """Sets the account's balance to zero. The undo function adds the former balance."""

    def __str__(self) -> str:
        return "run out"

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[str]:
        return [matcher.api_key] if isinstance(matcher, CreditMatcher) else []

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        account = context.runtime.state.accounts.authenticate(target)
        had, account.balance = account.balance, 0
        return lambda: account.credit(had)


@dataclass(frozen=True, slots=True)
class SetModelStatus(ImmediateAction):
    """Sets the models' status. The undo function restores the previous one."""

    status: ModelStatus

    def __str__(self) -> str:
        return str(self.status)

    def targets(self, context: FaultContext, matcher: Matcher) -> Iterable[tuple[str, ...]]:
        """One target of all models, so that the fault fires once."""
        models = context.runtime.state.models
        named = matcher.model if isinstance(matcher, ModelMatcher) else None
        return [(named,) if named else tuple(entry.id for entry in models.list())]

    def apply(self, context: FaultContext, target: Any) -> Callback | None:
        models = context.runtime.state.models
        before = {model: entry.status for model in target if (entry := models.get(model))}
        for model in target:
            models.set_status(model, self.status)

        def undo() -> None:
            for model, status in before.items():
                models.set_status(model, status)

        return undo


@dataclass(frozen=True, slots=True)
class FailInference(FaultAction):
    """Fails a question to the model's provider."""

    reply: Reply

    def __str__(self) -> str:
        return f"{self.reply.kind.name.lower()} failure: {self.reply.error}"
