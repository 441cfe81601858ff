"""Runs as transcripts without secrets, and how another target answers the same."""
