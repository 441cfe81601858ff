"""Whether the suite would notice: it is run against mocks that drift from the API by name, each in one small point."""
