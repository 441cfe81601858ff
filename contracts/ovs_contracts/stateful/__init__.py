"""Machines that use the API in any order, beside small models of their own of what it should do."""
