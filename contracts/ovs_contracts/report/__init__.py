"""What a run found out, as data and as pages to read."""
