"""Billing, called with the check's own key."""

import pytest

from ovs_contracts.clients.billing import Billing
from ovs_contracts.wire.caller import Caller


@pytest.fixture
def billing(call: Caller, key: str) -> Billing:
    return Billing(call, key)
