"""Builders for faults on rooms, leases, credits and models."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.stream import EndReason
from ovs_mock.faults.builders import FaultBuilder
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.matchers import ModelMatcher
from ovs_mock.faults.room_faults import CloseSignalling, DropFrames, IgnoreJoin, KickPublisher, LeaveAction, RejectToken
from ovs_mock.faults.schedule import FaultError
from ovs_mock.faults.state_faults import EndLease, ExhaustCredits, FailInference, SetModelStatus
from ovs_mock.model import Reply
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class RoomFaultBuilder(FaultBuilder):
    """Faults on LiveKit rooms and their publishers. Each fires once by default."""

    def refuse(self) -> Fault:
        """Refuse a joining client's token with 401."""
        return self._set(RejectToken())

    def no_answer(self, *, handshake: bool = False) -> Fault:
        """Send a joining client nothing after the WebSocket handshake; with ``handshake``, not even its answer."""
        return self._set(IgnoreJoin(handshake))

    def leave(self, action: LeaveAction = "disconnect") -> Fault:
        """Send a publisher, present or next to join, a leave request.

        Args:
            action: What its SDK is to do then: ``disconnect``, ``resume`` or ``reconnect``.

        Raises:
            FaultError: If the action is another one.
        """
        if action not in get_args(LeaveAction):
            raise FaultError(f"leave({action!r}): expected {', '.join(map(repr, get_args(LeaveAction)))}")
        return self._set(KickPublisher(action))

    def drop(self) -> Fault:
        """Close the signalling socket of a publisher, present or next to join."""
        return self._set(CloseSignalling())

    def freeze(self) -> Fault:
        """Drop frames. Fires without limit by default."""
        return self._set(DropFrames())


class LeaseFaultBuilder(FaultBuilder):
    """Faults on the leases of streams."""

    def lose(self, reason: EndReason | str = EndReason.LEASE_EXPIRED) -> Fault:
        """End a stream, present or next to be created. Fires once by default.

        Args:
            reason: The end reason that clients see.

        Raises:
            FaultError: If the reason is unknown.
        """
        try:
            return self._set(EndLease(EndReason(reason)))
        except ValueError as error:
            if isinstance(error, FaultError):
                raise
            raise FaultError(f"lose({reason!r}): expected {', '.join(EndReason)}") from None


class CreditFaultBuilder(FaultBuilder):
    """Faults on the credits of an account."""

    def run_out(self) -> Fault:
        """Set the balance to zero; with ``between()``, give it back at the second time."""
        return self._set(ExhaustCredits())


class ModelFaultBuilder(FaultBuilder):
    """Faults on one model, or on all.

    A status (``saturated``, ``unavailable``, ``degraded``, ``loading``, ``ready``) lasts for good, or until the second
    time of ``between()``. The other faults fail one question by default.
    """

    def saturated(self) -> Fault:
        """Set the status to ``saturated``: new streams are refused."""
        return self._set_status(ModelStatus.SATURATED)

    def unavailable(self) -> Fault:
        """Set the status to ``unavailable``: questions are refused too."""
        return self._set_status(ModelStatus.UNAVAILABLE)

    def degraded(self) -> Fault:
        """Set the status to ``degraded``: the model is slow, but answers."""
        return self._set_status(ModelStatus.DEGRADED)

    def loading(self) -> Fault:
        """Set the status to ``loading``: questions are refused."""
        return self._set_status(ModelStatus.LOADING)

    def ready(self) -> Fault:
        """Set the status to ``ready``."""
        return self._set_status(ModelStatus.READY)

    def upstream(self, status: int | None = 503, body: str | Mapping[str, Any] | None = None) -> Fault:
        """Let the model's provider answer a question with an HTTP status; ``None``: it cannot be reached.

        Raises:
            FaultError: If the status is no error status.
        """
        return self._fail(lambda: Reply.upstream(status, body))

    def timeout(self) -> Fault:
        """Let the model's provider time out on a question."""
        return self._fail(Reply.timeout)

    def block(self) -> Fault:
        """Let the provider's safety filter block a question."""
        return self._fail(Reply.blocked)

    def fail(self, message: str = "The model failed.") -> Fault:
        """Let the model fail on a question with this message."""
        return self._fail(lambda: Reply(error=message))

    def _set_status(self, status: ModelStatus) -> Fault:
        known: list[str] = self._access.run(self._model_ids)
        if isinstance(self._matcher, ModelMatcher) and self._matcher.model not in (None, *known):
            near = get_close_matches(str(self._matcher.model), known, n=1) or known
            raise FaultError(f"there is no model {self._matcher.model!r}: expected {', '.join(near)}")
        return self._set(SetModelStatus(status))

    def _model_ids(self) -> list[str]:
        return [entry.id for entry in self._access.registry().context.runtime.state.models.list()]

    def _fail(self, reply: Callable[[], Reply]) -> Fault:
        try:
            return self._set(FailInference(reply()))
        except ValueError as error:
            raise FaultError(str(error)) from None
