"""Prices and balances as JSON, in whole microcents. Pure."""

from typing import Any

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.prices import Price

Json = dict[str, Any]


def price(entry: Price) -> Json:
    return {
        "id": entry.id,
        "model": entry.model,
        "provider": entry.provider,
        "version": entry.version,
        "input_microcents_per_token": entry.input,
        "output_microcents_per_token": entry.output,
        "cached_input_microcents_per_token": entry.cached_input,
        "public": entry.public,
    }


def balance(account: Account) -> Json:
    """Whole cents are rounded down."""
    return {
        "user_id": account.user_id,
        "balance_microcents": account.balance,
        "balance_cents": account.balance // MICROCENTS_PER_CENT,
    }
