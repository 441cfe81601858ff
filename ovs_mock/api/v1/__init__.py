"""v1: streams and OpenAI-compatible chat completions."""
