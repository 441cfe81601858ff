"""The calls of each version by name. They send what they are told and judge nothing: checks do."""
