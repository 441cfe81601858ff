"""Self-describing video: frames that carry their number and time in their pixels.

``stamp`` writes and reads them, ``colours`` names what a frame mostly shows, ``patterns`` generates moving pictures,
``files`` reads and writes video files, ``publisher`` sends all of it with a real LiveKit client.

Importing this package is free; its modules need numpy, PyAV or the LiveKit SDK, which come with the extras ``media``
and ``publish``.
"""
