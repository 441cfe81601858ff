"""One run of the suite under pytest: what it opens, what it makes of each check, and what comes of all."""
