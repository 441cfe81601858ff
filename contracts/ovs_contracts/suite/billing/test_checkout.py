"""Buying credits: ``/billing/checkout``."""

from typing import Any

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.billing import BillingClient
from ovs_contracts.runner.marks import documented
from ovs_contracts.transport.exchange import hold

WRONG: dict[str, Any] = {
    "too little": {"amount_cents": 99},
    "nothing": {"amount_cents": 0},
    "less than nothing": {"amount_cents": -100},
    "half a cent": {"amount_cents": 100.5},
    "words": {"amount_cents": "much"},
    "null": {"amount_cents": None},
    "another name": {"amount": 100},
    "an empty object": {},
}


@documented("POST /billing/checkout {amount_cents >= 100}: {url}")
@pytest.mark.parametrize("cents", [100, 2_500])
def test_a_checkout(billing: BillingClient, cents: int) -> None:
    """A checkout of at least 100 cents returns a payment URL and does not change the balance."""
    before = billing.balance_microcents()
    answer = billing.checkout({"amount_cents": cents}).expect(200)
    hold("keys", expected={"url"}, seen=set(answer.json), exchange=answer)
    assert answer.json["url"].startswith(("https://", "http://")), answer.json
    hold("the balance", expected=before, seen=billing.balance_microcents())


@documented("POST /billing/checkout: a page for each")
def test_each_checkout_has_its_own_page(billing: BillingClient) -> None:
    """Two checkouts have different URLs."""
    urls = {billing.checkout({"amount_cents": 100}).expect(200).json["url"] for _ in range(2)}
    hold("different addresses", expected=2, seen=len(urls))


@documented("POST /billing/checkout: 422 in the shape of validation errors")
@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_invalid_amounts(billing: BillingClient, body: Any) -> None:
    """Less than 100 cents, a fraction of a cent and a missing amount are 422, located at amount_cents."""
    places = errors.invalid(billing.checkout(body))
    hold("the places", expected=[["body", "amount_cents"]], seen=places)


@documented("POST /billing/checkout: key")
def test_a_checkout_needs_a_key(billing: BillingClient) -> None:
    """Without an API key or with an unknown one the response is 401 with a detail."""
    for key in (None, "sk-nobody-knows-this-key"):
        errors.plain(billing.checkout({"amount_cents": 100}, key=key), 401)
