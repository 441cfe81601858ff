"""Every public name is documented, and docs/API.md shows it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "api_reference.py"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_reference", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(reference: ModuleType) -> None:
    assert reference.TARGET.read_text() == reference.document(), "run: python tools/api_reference.py"


def test_docstrings_are_complete(reference: ModuleType) -> None:
    assert list(reference.problems()) == []


class Sample:
    """A class."""

    def silent(self) -> None:
        pass

    def incomplete(self, path: str, *, times: int = 1) -> int:
        """Has one argument too few, and one that is no argument.

        Args:
            path: A path.
            count: A number.
        """
        return len(path) * times

    def twin(self, path: str) -> str:
        """As ``Sample.incomplete``."""
        return path


def test_a_missing_or_incomplete_docstring_is_found(reference: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = ModuleType("sample")
    sample.__dict__.update(__all__=["Sample"], Sample=Sample)
    monkeypatch.setattr(reference, "PACKAGES", (sample,))
    monkeypatch.setattr(Sample, "__module__", "ovs_sample")
    assert list(reference.problems()) == [
        "Sample.incomplete: no argument times in Args",
        "Sample.incomplete: count in Args is no argument",
        "Sample.incomplete: no Returns",
        "Sample.silent: no docstring",
    ]
