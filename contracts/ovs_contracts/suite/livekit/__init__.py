"""LiveKit: tokens, who may join a room, and real video."""
