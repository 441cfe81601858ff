"""v0.2: streams whose results are pushed on a WebSocket."""
