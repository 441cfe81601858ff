"""The suites of the examples, each run as its users would run it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(folder.name for folder in (ROOT / "examples").iterdir() if (folder / "pytest.ini").exists())


def test_there_are_three() -> None:
    assert EXAMPLES == ["door_watch", "live_captions", "results_proxy"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_suite_passes(name: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"examples/{name}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dollars saved" in done.stdout


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_knows_the_front_door_only(name: str) -> None:
    for source in (ROOT / "examples" / name).rglob("*.py"):
        assert "ovs_mock." not in source.read_text(), source
        assert "pytest_ovs_mock" not in source.read_text(), source
