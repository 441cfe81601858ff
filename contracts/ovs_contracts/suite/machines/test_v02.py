"""v0.2 in any order."""

import pytest

from ovs_contracts.machines.running import run
from ovs_contracts.machines.v02_machine import V02Machine
from ovs_contracts.marks import mock_only, needs
from ovs_contracts.options import Options
from ovs_contracts.powers import Power
from ovs_contracts.session import Session

DEFAULT_RUNS = 20


@mock_only("takes hours of real time, and many accounts")
@needs(Power.CONTROL, Power.ACCOUNTS, Power.FOOTAGE)
def test_any_order_of_calls(session: Session, request: pytest.FixtureRequest) -> None:
    """However streams are made, kept, watched and ended, statuses, charges, results and closings are right."""
    options = Options.of(request.config)
    run(V02Machine, session, runs=options.cases or DEFAULT_RUNS, seed_=options.seed)
