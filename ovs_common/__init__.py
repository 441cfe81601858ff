"""Code that the mock and the contract suite share, and that knows neither of them.

It imports nothing from ``ovs_mock``, ``pytest_ovs_mock`` or ``ovs_contracts``, so that the contract suite stays
independent of the mock that it checks.
"""
