"""The mutants, by the part of the API that they are about."""
