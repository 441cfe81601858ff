"""Prices, balances and the checkout page, at the host's root beside the versions."""
