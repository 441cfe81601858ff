"""Runs the suite under pytest: ``Run`` owns one run, and ``pytest_plugin`` translates pytest's hooks into its calls."""
