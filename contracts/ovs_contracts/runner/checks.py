"""What a check says about itself, read from its pytest item."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from ovs_contracts.runner import marks


def is_check(item: pytest.Item) -> bool:
    """Whether it is one of ours: a user's own tests may run beside them."""
    return "target" in getattr(item, "fixturenames", ())


def says_parity(item: pytest.Item) -> bool:
    """Whether it says once how far it is known to be true."""
    return sum(item.get_closest_marker(name) is not None for name in marks.PARITY) == 1


def claim(item: pytest.Item) -> str:
    """The sentence about the API that a check would notice to be false."""
    function = getattr(item, "function", None)
    return ((function and function.__doc__) or "").strip().partition("\n")[0]


def check_id(item: pytest.Item) -> str:
    """``v02/test_lease.py::test_an_unrenewed_lease_ends_the_stream``, from wherever the suite is run."""
    return f"{_place(item).as_posix()}::{item.nodeid.partition('::')[2]}"


def area(item: pytest.Item) -> str:
    """The folder of the suite that it stands in."""
    parts = _place(item).parts
    return parts[0] if len(parts) > 1 else "others"


def variant(item: pytest.Item) -> str | None:
    """Which form of a check that has several."""
    callspec = getattr(item, "callspec", None)
    return callspec.id if callspec is not None else None


def parity(item: pytest.Item) -> tuple[str, str]:
    """How far it is known to be true, and by what."""
    for name in marks.PARITY:
        if marker := item.get_closest_marker(name):
            return name, ", ".join(map(str, marker.args))
    return "documented", ""


def cost(item: pytest.Item) -> float:
    """What it may cost where money is charged, in cents."""
    return float(sum(marker.args[0] for marker in item.iter_markers("costs")))


def is_probe(item: pytest.Item) -> bool:
    """Whether it asks an open question."""
    return item.get_closest_marker("probe") is not None


@cache
def suite_folder() -> Path:
    """Where the checks are."""
    spec = find_spec("ovs_contracts.suite")
    assert spec is not None, "the suite is part of this package"
    assert spec.submodule_search_locations, "the suite is a package"
    return Path(next(iter(spec.submodule_search_locations)))


def _place(item: pytest.Item) -> Path:
    folder = suite_folder()
    return item.path.relative_to(folder) if item.path.is_relative_to(folder) else Path(item.path.name)
