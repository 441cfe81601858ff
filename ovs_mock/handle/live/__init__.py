"""The test's handle on a server that is no mock: what can be had there is as with the mock, the rest skips the test."""
