"""A relay in front of a target: a program between a test suite and a server that charges money.

It passes everything on as it is, notes each stream before anybody hears of it, and ends what a test leaves behind, also
when the suite is killed: it is a process of its own, and sees that its parent is gone. The suite never holds the key:
the relay has a key of its own, in whose place it puts the real one.
"""
