"""The drifts, by what of the API they are about."""
