"""Mutants: mocks that differ from the API in one small, named point.

They are for mutation testing: a suite of checks that still passes against a mutant has a gap. A mock that runs no
mutant installs none of this.
"""
