"""Health and metrics, at the host's root."""
