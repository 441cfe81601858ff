"""What v1 and v1beta have in common."""
