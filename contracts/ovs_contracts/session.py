"""One run: a target, and all that watches what is said to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from ovs_contracts.conformity import Conformity
from ovs_contracts.powers import Power
from ovs_contracts.realtime import unix_seconds, wait
from ovs_contracts.spending.ledger import Ledger
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import Footage, Target, Time
from ovs_contracts.wire.caller import Caller
from ovs_contracts.wire.observer import Journal


class RealTime:
    """The time of a target whose clock nobody can move."""

    def now(self) -> float:
        return unix_seconds()

    def let_pass(self, seconds: float) -> None:
        wait(seconds)


class Session:
    """What the checks of one run share."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.journal = Journal()
        self.ledger = Ledger()
        self.controls = Controls(target.origin) if target.controlled else None
        self.call = Caller(target.origin, [self.journal, self.ledger, Conformity()], verify=target.tls or True)
        self._keys = 0

    @property
    def time(self) -> Time:
        return self.controls or RealTime()

    @property
    def footage(self) -> Footage:
        assert self.controls is not None, Power.FOOTAGE.value
        return self.controls

    def new_key(self) -> str:
        """A key of a user of its own, where any key opens an account; else the target's key."""
        if Power.ACCOUNTS not in self.target.powers:
            return self.target.api_key
        self._keys += 1
        return f"{self.target.api_key}-{self._keys}"

    def tidy(self) -> None:
        """End every stream that is left."""
        plain = Caller(self.target.origin, [self.ledger], verify=self.target.tls or True)
        try:
            for stream_id, (version, key) in list(self.ledger.open.items()):
                plain("DELETE", f"/{version}/streams/{stream_id}", key=key)
        finally:
            plain.close()

    def close(self) -> None:
        self.tidy()
        self.call.close()
        if self.controls:
            self.controls.close()


@contextmanager
def opened(target: Target) -> Iterator[Session]:
    """A session that ends with this block, and leaves nothing behind."""
    session = Session(target)
    try:
        yield session
    finally:
        session.close()
