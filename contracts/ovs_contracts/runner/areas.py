"""The parts that the suite has."""

from importlib.util import find_spec
from pathlib import Path


def areas() -> list[str]:
    """Its folders with checks in them."""
    spec = find_spec("ovs_contracts.suite")
    folders = [Path(found) for found in (spec and spec.submodule_search_locations) or ()]
    parts = (part for folder in folders for part in folder.iterdir() if part.is_dir())
    return sorted(part.name for part in parts if any(part.glob("test_*.py")))
