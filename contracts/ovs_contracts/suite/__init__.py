"""The checks. Run them with ``ovs-contracts run``, or ``pytest --pyargs ovs_contracts.suite --ovs-target=…``."""
