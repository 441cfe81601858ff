"""Helpers that know nothing of the API: event loop threads, tracebacks."""
