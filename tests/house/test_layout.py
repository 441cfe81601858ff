"""The layout of the three packages: how many parts there are, in how many layers, and where loose modules may stand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MOCK = ROOT / "ovs_mock"
CONTRACTS = ROOT / "contracts" / "ovs_contracts"
ALLOWED_BESIDE_PACKAGES = {"__init__.py", "__init__.pyi", "__main__.py", "py.typed"}


def packages(folder: Path) -> set[str]:
    return {part.name for part in folder.iterdir() if (part / "__init__.py").exists()}


def layers_of(package: str) -> list[str]:
    """The layers that import-linter holds a package to, from the top down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = (each for each in settings if each.get("containers") == [package])
    assert contract["exhaustive"], f"a package that no layer of {package} names must be an error"
    layers: list[str] = contract["layers"]
    return layers


@pytest.mark.parametrize("folder", [MOCK, CONTRACTS], ids=lambda folder: folder.name)
def test_modules_stand_in_packages(folder: Path) -> None:
    beside = {part.name for part in folder.iterdir() if part.is_file()}
    assert beside <= ALLOWED_BESIDE_PACKAGES


@pytest.mark.parametrize(
    ("folder", "most_packages", "most_layers"), [(MOCK, 14, 9), (CONTRACTS, 14, 8)], ids=["mock", "contracts"]
)
def test_there_are_few_packages_in_few_layers(folder: Path, most_packages: int, most_layers: int) -> None:
    layers = layers_of(folder.name)
    assert len(layers) <= most_layers
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    assert placed == packages(folder)
    assert len(placed) <= most_packages


def test_every_package_has_its_tests() -> None:
    def tested(folder: Path) -> set[str]:
        return {part.name for part in folder.iterdir() if part.is_dir()}

    assert packages(MOCK) <= tested(ROOT / "tests")
    assert packages(CONTRACTS) <= tested(ROOT / "tests" / "contracts")


def test_no_file_of_the_plugin_or_the_contracts_hides_a_users_package() -> None:
    """Pytest puts these folders on the path in our own runs; as packages they would answer to ``import tests``."""
    for folder in ("pytest_plugin", "contracts", "tests"):
        assert not (ROOT / folder / "__init__.py").exists()


def test_the_wheel_holds_every_root_package() -> None:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    wheel = {Path(each).name for each in settings["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert wheel == set(settings["importlinter"]["root_packages"]) == set(settings["mypy"]["packages"])
