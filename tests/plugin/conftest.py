"""What the tests of the plugin share."""

import pytest


@pytest.fixture(autouse=True)
def _lighter_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in processes of their own leave out a plugin of other people that takes a second to import."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:schemathesis")
