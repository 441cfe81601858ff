"""The page about the versions shows what the mock does."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "versions.py"


def test_the_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("versions", TOOL)
    assert spec
    assert spec.loader
    versions = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(versions)
    assert versions.TARGET.read_text() == versions.document(), "run: python tools/versions.py"
