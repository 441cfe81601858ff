"""Calls that nobody wrote: schemathesis makes them from the OpenAPI documents, and holds the answers against them."""
