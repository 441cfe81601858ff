"""``/_mock/*``: the controls of the mock over HTTP, for tests that are not written in Python."""
