"""Billing, called with the check's own key."""

import pytest

from ovs_contracts.client.billing import BillingClient
from ovs_contracts.transport.http_client import HttpClient


@pytest.fixture
def billing(call: HttpClient, key: str) -> BillingClient:
    return BillingClient(call, key)
