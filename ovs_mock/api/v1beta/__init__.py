"""v1beta: v1 with typed errors, regions, rate limits, viewers and cameras."""
