"""Checks whose calls are generated from the OpenAPI documents."""
