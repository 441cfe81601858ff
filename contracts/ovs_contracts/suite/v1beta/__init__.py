"""What only v1beta does."""
