"""A LiveKit server, as far as publishers need one."""
