"""What all machines have in common."""

from contextlib import suppress

from hypothesis.stateful import RuleBasedStateMachine

from ovs_contracts.client.session import TargetSession


class ApiStateMachine(RuleBasedStateMachine):
    """Leaves no stream behind."""

    def __init__(self, session: TargetSession) -> None:
        super().__init__()
        self.session = session

    def teardown(self) -> None:
        self.close()
        with suppress(AssertionError):
            self.session.end_streams()

    def close(self) -> None:
        """Close what is open."""
