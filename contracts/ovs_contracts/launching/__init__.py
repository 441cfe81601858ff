"""Runs the suite in this process, whatever pytest is told elsewhere on the machine, and shows how it gets on."""
