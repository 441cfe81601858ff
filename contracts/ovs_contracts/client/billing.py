"""Billing, at the host's root beside the versions."""

from typing import Any

from ovs_contracts.transport.exchange import Exchange
from ovs_contracts.transport.http_client import HttpClient

CENT = 1_000_000


class BillingClient:
    """Called with one key, where a key is needed; each call takes another by ``key``, or none with ``key=None``."""

    def __init__(self, http: HttpClient, key: str) -> None:
        self.http = http
        self.key = key

    def prices(self, **more: Any) -> Exchange:
        return self.http("GET", "/billing/pricing", **more)

    def price(self, model: str, **more: Any) -> Exchange:
        return self.http("GET", f"/billing/pricing/{model}", **more)

    def balance(self, **more: Any) -> Exchange:
        return self.http("GET", "/billing/accounts/me/balance", **{"key": self.key, **more})

    def checkout(self, body: Any, **more: Any) -> Exchange:
        return self.http("POST", "/billing/checkout", body=body, **{"key": self.key, **more})

    def balance_microcents(self) -> int:
        """What is left."""
        return int(self.balance().expect(200).json["balance_microcents"])


def cost_of(completion: Exchange, price: dict[str, Any]) -> int:
    """What a completion costs at a price, in microcents; tokens that were cached have a price of their own."""
    usage = completion.expect(200).json["usage"]
    cached = completion.json["overshoot"]["cache"]["cached_input_tokens"]
    fresh = usage["prompt_tokens"] - cached
    return int(
        fresh * price["input_microcents_per_token"]
        + cached * price["cached_input_microcents_per_token"]
        + usage["completion_tokens"] * price["output_microcents_per_token"]
    )
