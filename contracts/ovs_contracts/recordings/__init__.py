"""Records runs as transcripts without secrets, and replays them to a mock."""
