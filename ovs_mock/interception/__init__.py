"""Keeps this process away from the real API: a guard blocks connections to it, an interception redirects them.

Clients are not patched. Every client resolves names and begins TLS in the standard library, so the hooks are there,
and they are removed afterwards. They see what this process does through Python: not subprocesses, nor libraries that
resolve names and do TLS natively, as LiveKit's SDK does. Such a library gets the mock's plain address instead.
"""
