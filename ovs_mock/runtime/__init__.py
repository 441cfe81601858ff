"""The hall between the rules and the rooms: the clock, the event loop and who is told what."""
