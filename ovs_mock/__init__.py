"""A mock of the Overshoot real-time video API."""
