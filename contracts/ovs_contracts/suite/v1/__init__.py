"""What only v1 does."""
