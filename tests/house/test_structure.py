"""The house keeps its rules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    p
    for top in ("ovs_mock", "ovs_common", "pytest_plugin", "contracts", "tests", "benchmarks", "examples")
    for p in (ROOT / top).rglob("*.py")
)


@pytest.mark.parametrize("folder", ["pytest_plugin", "contracts", "tests"])
def test_top_folders_do_not_shadow_users_packages(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()


def test_no_room_has_become_a_hall() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [p for p in SOURCES if p.read_text().strip() and not p.read_text().lstrip().startswith(('"""', 'r"""'))]
    assert silent == []


def test_tests_do_not_nap() -> None:
    """Pacing video by the loop's clock is no nap; waiting for a fixed time is."""
    naps = re.compile(r"(time|asyncio)\.sleep\((?!0\))[\d.]+\)")
    assert [p for p in (ROOT / "tests").rglob("*.py") if naps.search(p.read_text())] == []


def test_no_version_is_named_where_the_rules_are() -> None:
    version = re.compile(r"\bv\d+(\.\d+|beta)?\b", re.IGNORECASE)
    rooms = [p for floor in ("engine", "runtime") for p in (ROOT / "ovs_mock" / floor).rglob("*.py")]
    assert [p for p in rooms if version.search(p.read_text())] == []


def test_every_floor_has_its_tests() -> None:
    floors = {p.name for p in (ROOT / "ovs_mock").iterdir() if p.is_dir() and not p.name.startswith("_")}
    assert floors <= {p.name for p in (ROOT / "tests").iterdir() if p.is_dir()}
