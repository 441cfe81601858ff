"""The same calls to two targets, and where their answers differ."""
