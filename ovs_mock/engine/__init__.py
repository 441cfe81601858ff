"""The rules of the API, and nothing else.

Sans-IO: ``handle(command, now)`` and ``expire(now)`` return events, and ``next_deadline()`` the instant at which
``expire`` must be called next.
Time is always an argument, randomness comes from a seed, and pixels are never read.
"""
