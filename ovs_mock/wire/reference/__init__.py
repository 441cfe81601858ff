"""What the mock serves, in a form that machines read (OpenAPI 3.1) and one that people browse."""
