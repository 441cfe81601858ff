"""Makes the same calls to two targets, and compares their answers."""
