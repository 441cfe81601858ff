"""Tests the suite: it is run against mutants, mocks that differ from the API in one small point each."""
