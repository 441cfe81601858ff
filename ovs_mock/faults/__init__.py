"""What goes wrong on purpose: chosen by a test, at moments of the mock's clock, and counted."""
