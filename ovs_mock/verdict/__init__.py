"""What a test left behind, and what it would have cost."""
