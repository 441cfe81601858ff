"""The host's own endpoints."""
