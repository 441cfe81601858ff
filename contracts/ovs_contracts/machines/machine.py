"""What all machines have in common."""

import sys
from collections.abc import Callable
from contextlib import suppress

from hypothesis.stateful import RuleBasedStateMachine

from ovs_contracts.session import Session


class Machine(RuleBasedStateMachine):
    """Leaves no stream behind, and tells when it has found something."""

    on_deviation: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def teardown(self) -> None:
        if isinstance(sys.exception(), AssertionError):
            self.on_deviation()
        self.leave()
        with suppress(AssertionError):
            self.session.tidy()

    def leave(self) -> None:
        """Close what is open."""
