"""Prices, balances, checkouts."""
