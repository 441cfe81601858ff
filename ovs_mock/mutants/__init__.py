"""Named ways in which a mock can be made to differ from the API, one small deviation each.

They exist to try a suite of checks: one that still passes does not look closely enough. Nothing here is in the way of a
mock without a drift.
"""
