"""Real video in: WebRTC connections, LiveKit rooms, and what carries their frames to the engine."""
