"""The commands of ``ovs-contracts``, one in each module.

A command imports what it needs inside its function: ``--help`` is quick, and a missing extra is reported by name.
"""
