"""The handle on a target that is not a mock: attributes that only a mock has skip the test."""
