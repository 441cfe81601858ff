"""The command line: ``ovs-mock serve``, ``ovs-mock drifts`` and ``ovs-mock demo``."""
