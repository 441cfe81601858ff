"""Servers that the checks can run against."""
