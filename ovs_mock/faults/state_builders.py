"""The words for rooms, leases, credits and models that go wrong."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args

from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.stream import EndReason
from ovs_mock.faults.builders import FaultBuilder
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.matchers import ModelMatcher
from ovs_mock.faults.room_faults import Action, CloseSignalling, DropFrames, IgnoreJoin, KickPublisher, RejectToken
from ovs_mock.faults.schedule import FaultError
from ovs_mock.faults.state_faults import EndLease, ExhaustCredits, FailInference, SetModelStatus
from ovs_mock.model import Reply
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


class RoomFaultBuilder(FaultBuilder):
    """The LiveKit rooms of streams, and who publishes into them."""

    def refuse(self) -> Fault:
        """A client's token is refused with 401."""
        return self._set(RejectToken())

    def no_answer(self, *, handshake: bool = False) -> Fault:
        """A client gets no first message; with ``handshake``, not even its socket."""
        return self._set(IgnoreJoin(handshake))

    def leave(self, action: Action = "disconnect") -> Fault:
        """A publisher is sent away, and told to ``disconnect``, ``resume`` or ``reconnect``: now, or when it comes."""
        if action not in get_args(Action):
            raise FaultError(f"leave({action!r}): expected {', '.join(map(repr, get_args(Action)))}")
        return self._set(KickPublisher(action))

    def drop(self) -> Fault:
        """A publisher loses its signalling socket: now, or when it comes."""
        return self._set(CloseSignalling())

    def freeze(self) -> Fault:
        """Frames do not get there. Goes on, unless it is told how often or between which moments."""
        return self._set(DropFrames())


class LeaseFaultBuilder(FaultBuilder):
    """The leases of streams."""

    def lose(self, reason: EndReason | str = EndReason.LEASE_EXPIRED) -> Fault:
        """A stream ends: now, or when it is made."""
        try:
            return self._set(EndLease(EndReason(reason)))
        except ValueError as error:
            if isinstance(error, FaultError):
                raise
            raise FaultError(f"lose({reason!r}): expected {', '.join(EndReason)}") from None


class CreditFaultBuilder(FaultBuilder):
    """The money of an account."""

    def run_out(self) -> Fault:
        """Nothing is left; between two moments, until the second."""
        return self._set(ExhaustCredits())


class ModelFaultBuilder(FaultBuilder):
    """A model, or all of them. How they are, goes on until the second of two moments, or for good."""

    def saturated(self) -> Fault:
        """It takes no new streams."""
        return self._be(ModelStatus.SATURATED)

    def unavailable(self) -> Fault:
        """It cannot be asked at all."""
        return self._be(ModelStatus.UNAVAILABLE)

    def degraded(self) -> Fault:
        """It is slow, and works."""
        return self._be(ModelStatus.DEGRADED)

    def loading(self) -> Fault:
        """It is not there yet, and cannot be asked."""
        return self._be(ModelStatus.LOADING)

    def ready(self) -> Fault:
        """It works again."""
        return self._be(ModelStatus.READY)

    def upstream(self, status: int | None = 503, body: str | Mapping[str, Any] | None = None) -> Fault:
        """Its provider answers a question with this status; ``None``: cannot be reached."""
        return self._fail(lambda: Reply.upstream(status, body))

    def timeout(self) -> Fault:
        """Its provider takes too long over a question."""
        return self._fail(Reply.timeout)

    def block(self) -> Fault:
        """Its provider's safety filter blocks a question."""
        return self._fail(Reply.blocked)

    def fail(self, message: str = "The model failed.") -> Fault:
        """It fails on a question."""
        return self._fail(lambda: Reply(error=message))

    def _be(self, status: ModelStatus) -> Fault:
        known: list[str] = self._way.do(self._listed)
        if isinstance(self._aim, ModelMatcher) and self._aim.model not in (None, *known):
            near = get_close_matches(str(self._aim.model), known, n=1) or known
            raise FaultError(f"there is no model {self._aim.model!r}: expected {', '.join(near)}")
        return self._set(SetModelStatus(status))

    def _listed(self) -> list[str]:
        return [entry.id for entry in self._way.board().stage.runtime.engine.state.models.list()]

    def _fail(self, reply: Any) -> Fault:
        try:
            return self._set(FailInference(reply()))
        except ValueError as error:
            raise FaultError(str(error)) from None
