"""The rules of the API, and nothing else.

Sans-IO: ``handle(command, now)`` and ``expire(now)`` answer with events, ``next_deadline()`` says when to come back.
Time is always an argument, chance comes from a seed, and pixels are never looked at.
"""
