"""Checks that use the API in any order, held against small models of what it should do."""
