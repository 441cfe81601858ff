"""Billing, called with the check's own key."""

import pytest

from ovs_contracts.client.billing import Billing
from ovs_contracts.transport.http_client import Caller


@pytest.fixture
def billing(call: Caller, key: str) -> Billing:
    return Billing(call, key)
