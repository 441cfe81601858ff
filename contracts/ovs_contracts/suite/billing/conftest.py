"""Billing, called with the check's own key."""

import pytest

from ovs_contracts.client.billing import BillingClient
from ovs_contracts.transport.http_client import HttpClient


@pytest.fixture
def billing(http: HttpClient, key: str) -> BillingClient:
    return BillingClient(http, key)
