"""The written contracts as this mock serves them: as they are, and as pages to read."""
