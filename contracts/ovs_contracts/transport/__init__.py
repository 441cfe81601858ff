"""How checks speak to a target: calls, sockets and events, all of it seen by observers."""
