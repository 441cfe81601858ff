"""One run: a target, and all that watches what is said to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from ovs_contracts.client.livekit.frame_source import PublishedFrames, PublishGrants
from ovs_contracts.client.response_validator import ResponseValidator
from ovs_contracts.safety.cleanup import ATTEMPTS, retry_delete
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

    def __init__(self, target: Target, limits: SafetyLimits | None = None) -> None:
        self.target = target
        self.limits = limits or SafetyLimits()
        self.exchange_log = ExchangeLog()
        self.ledger = self.limits.ledger
        self.controls = Controls(target.origin, target.tls) if target.controlled else None
        verify = target.tls or True
        passes = PublishGrants()
        watching = [*self.limits.observers, self.exchange_log, passes, ResponseValidator()]
        self.http = HttpClient(target.origin, watching, verify=verify)
        self._unchecked = HttpClient(target.origin, self.limits.observers, verify=verify)
        self._published_frames = PublishedFrames(passes, self._unchecked)
        self.wrap_frame_source: Callable[[FrameSource], FrameSource] = lambda source: source
        """For whoever wants to see what video comes in."""
        self._keys = 0

    @property
    def time(self) -> TargetTime:
        return self.controls or RealTime()

    @property
    def frame_source(self) -> FrameSource:
        return self.wrap_frame_source(self.controls or self._published_frames)

    @contextmanager
    def observe(self, observer: CallObserver) -> Iterator[None]:
        """While this block runs, tell this one, too, of every call, before the contract has its say."""
        callers = (self.http, self._unchecked)
        for caller in callers:
            caller.observers.insert(len(self.limits.observers), observer)
        try:
            yield
        finally:
            for caller in callers:
                caller.observers.remove(observer)

    def new_key(self) -> str:
        """A key of a user of its own, where any key opens an account; else the target's key."""
        if Capability.ACCOUNTS not in self.target.capabilities:
            return self.target.api_key
        self._keys += 1
        return f"{self.target.api_key}-{self._keys}"

    def end_streams(self) -> None:
        """Leave every room, and end every stream that is left.

        One that cannot be ended stays in the ledger's memory, for the next run.
        """
        self._published_frames.close()
        attempts = ATTEMPTS if self.target.charges else 1
        for stream in list(self.ledger.open.values()):
            retry_delete(partial(self.delete, stream.version, stream.id, stream.key), attempts)
            self.ledger.open.pop(stream.id, None)

    def delete(self, version: str, stream_id: str, key: str) -> Exchange:
        """End a stream, whatever the checks think of the answer."""
        return self._unchecked("DELETE", f"/{version}/streams/{stream_id}", key=key)

    def close(self) -> None:
        self.end_streams()
        self.http.close()
        self._unchecked.close()
        if self.controls:
            self.controls.close()


@contextmanager
def open_session(target: Target, guards: SafetyLimits | None = None) -> Iterator[TargetSession]:
    """A session that ends with this block, and leaves nothing behind."""
    session = TargetSession(target, guards)
    try:
        yield session
    finally:
        session.close()
