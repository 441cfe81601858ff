"""The commands of ``ovs-contracts``, one in each module."""
