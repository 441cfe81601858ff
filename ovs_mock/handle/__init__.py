"""What a test holds: one handle for a mock in this process, another for a server elsewhere."""
