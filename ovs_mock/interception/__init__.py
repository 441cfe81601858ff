"""What keeps this process away from the real API: a guard that refuses, and an interception that leads to the mock.

Clients are not patched. Names are resolved and TLS is begun by every client alike, in the standard library, so that is
where both work; what is replaced there is put back. It sees what this process does through Python: not subprocesses,
nor libraries that resolve names and speak TLS natively, as LiveKit's SDK does. Such a library is handed the mock's
plain address instead.
"""
