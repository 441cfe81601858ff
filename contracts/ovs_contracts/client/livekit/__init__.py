"""Video published with LiveKit, for targets whose clock cannot be moved."""
