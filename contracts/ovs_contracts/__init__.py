"""The contract of the Overshoot API: written down, and as checks that run against any server over the network.

Nothing here imports the mock: a check knows a server only by its address.
"""
