"""One run: a target, and all that watches what is said to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from ovs_contracts.client.livekit.frame_source import PublishedFrames, PublishGrants
from ovs_contracts.client.response_validator import ResponseValidator
from ovs_contracts.safety.cleanup import ATTEMPTS, insist
from ovs_contracts.safety.limits import SafetyLimits
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, Target, TargetTime
from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import HttpClient
from ovs_contracts.transport.observer import CallObserver, ExchangeLog
from ovs_contracts.transport.realtime import unix_seconds, wait


class RealTime:
    """The time of a target whose clock nobody can move."""

    def now(self) -> float:
        return unix_seconds()

    def let_pass(self, seconds: float) -> None:
        wait(seconds)


class TargetSession:
    """What the checks of one run share."""

    def __init__(self, target: Target, guards: SafetyLimits | None = None) -> None:
        self.target = target
        self.guards = guards or SafetyLimits()
        self.journal = ExchangeLog()
        self.ledger = self.guards.ledger
        self.controls = Controls(target.origin, target.tls) if target.controlled else None
        verify = target.tls or True
        passes = PublishGrants()
        watching = [*self.guards.observers, self.journal, passes, ResponseValidator()]
        self.call = HttpClient(target.origin, watching, verify=verify)
        self._plain = HttpClient(target.origin, self.guards.observers, verify=verify)
        self._published = PublishedFrames(passes, self._plain)
        self.filming: Callable[[FrameSource], FrameSource] = lambda footage: footage
        """For whoever wants to see what video comes in."""
        self._keys = 0

    @property
    def time(self) -> TargetTime:
        return self.controls or RealTime()

    @property
    def footage(self) -> FrameSource:
        return self.filming(self.controls or self._published)

    @contextmanager
    def observed(self, observer: CallObserver) -> Iterator[None]:
        """While this block runs, tell this one, too, of every call, before the contract has its say."""
        callers = (self.call, self._plain)
        for caller in callers:
            caller.observers.insert(len(self.guards.observers), observer)
        try:
            yield
        finally:
            for caller in callers:
                caller.observers.remove(observer)

    def new_key(self) -> str:
        """A key of a user of its own, where any key opens an account; else the target's key."""
        if Capability.ACCOUNTS not in self.target.powers:
            return self.target.api_key
        self._keys += 1
        return f"{self.target.api_key}-{self._keys}"

    def tidy(self) -> None:
        """Leave every room, and end every stream that is left.

        One that cannot be ended stays in the ledger's memory, for the next run.
        """
        self._published.close()
        attempts = ATTEMPTS if self.target.charges else 1
        for stream in list(self.ledger.open.values()):
            insist(partial(self.delete, stream.version, stream.id, stream.key), attempts)
            self.ledger.open.pop(stream.id, None)

    def delete(self, version: str, stream_id: str, key: str) -> Exchange:
        """End a stream, whatever the checks think of the answer."""
        return self._plain("DELETE", f"/{version}/streams/{stream_id}", key=key)

    def close(self) -> None:
        self.tidy()
        self.call.close()
        self._plain.close()
        if self.controls:
            self.controls.close()


@contextmanager
def opened(target: Target, guards: SafetyLimits | None = None) -> Iterator[TargetSession]:
    """A session that ends with this block, and leaves nothing behind."""
    session = TargetSession(target, guards)
    try:
        yield session
    finally:
        session.close()
