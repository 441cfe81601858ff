"""The command line: ``ovs-mock serve``, ``ovs-mock mutants`` and ``ovs-mock demo``."""
