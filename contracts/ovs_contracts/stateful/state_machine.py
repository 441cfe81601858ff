"""What all machines have in common."""

from contextlib import suppress

from hypothesis.stateful import RuleBasedStateMachine

from ovs_contracts.client.session import Session


class Machine(RuleBasedStateMachine):
    """Leaves no stream behind."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def teardown(self) -> None:
        self.leave()
        with suppress(AssertionError):
            self.session.tidy()

    def leave(self) -> None:
        """Close what is open."""
