"""LiveKit: tokens, the door of the room, and real video."""
