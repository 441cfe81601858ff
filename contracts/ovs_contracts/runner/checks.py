"""A check of the suite: what it says about itself, and what prevents it on a target."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from ovs_contracts.runner.marks import PARITY
from ovs_contracts.runner.options import Options
from ovs_contracts.safety.budget import TOO_MANY_STREAMS
from ovs_contracts.safety.errors import LimitError, NotAllowedError, UnsupportedError
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check, in one of its forms."""

    id: str
    """``v02/test_lease.py::test_an_unrenewed_lease_ends_the_stream``, the same wherever the suite is run."""
    area: str
    """The folder of the suite that it is in."""
    claim: str
    """The sentence about the API that the check would notice to be false."""
    variant: str | None
    """Which form, of a check that has several."""
    parity: str
    """How the claim is known to be true: the name of one of the marks ``PARITY``."""
    source: str
    needs: tuple[Capability, ...]
    waits_seconds: float
    costs_cents: float
    streams: int
    probe: str | None
    """The open question that it asks, by number or name."""

    @classmethod
    def from_item(cls, item: pytest.Item) -> "Check":
        """Read the marks and the docstring of a pytest item."""
        parities = [marker for name in PARITY if (marker := item.get_closest_marker(name))]
        probe = item.get_closest_marker("probe")
        path = _relative_path(item)
        function = getattr(item, "function", None)
        return cls(
            id=f"{path.as_posix()}::{item.nodeid.partition('::')[2]}",
            area=path.parts[0] if len(path.parts) > 1 else "others",
            claim=((function and function.__doc__) or "").strip().partition("\n")[0],
            variant=getattr(getattr(item, "callspec", None), "id", None),
            parity=parities[0].name if parities else "documented",
            source=", ".join(map(str, parities[0].args)) if parities else "",
            needs=tuple(capability for marker in item.iter_markers("needs") for capability in marker.args),
            waits_seconds=float(sum(marker.args[0] for marker in item.iter_markers("passes_time"))),
            costs_cents=float(sum(marker.args[0] for marker in item.iter_markers("costs"))),
            streams=max((marker.args[0] for marker in item.iter_markers("streams")), default=1),
            probe=str(probe.args[0]) if probe else None,
        )

    def skip_reason(self, target: Target, options: Options) -> NotAllowedError | None:
        """What the target lacks, or which limit the check exceeds; ``None`` when it can be executed."""
        for capability in self.needs:
            if capability not in target.capabilities:
                return UnsupportedError(str(capability.value))
        if self.parity == "mock_only" and not target.controlled:
            return UnsupportedError("can be seen on the mock only", self.source)
        if self.waits_seconds > options.max_wait and not target.controlled:
            reason = f"waits longer in real time than {options.flag('max_wait')}={options.max_wait:g} allows"
            return LimitError(reason, f"{self.waits_seconds:g} s")
        if target.charges and self.streams > options.max_streams:
            return LimitError(TOO_MANY_STREAMS, f"allow it with {options.flag('max_streams')}={self.streams}")
        return None


def is_check(item: pytest.Item) -> bool:
    """Whether an item is a check: tests of the user's own may run beside the suite."""
    return "target" in getattr(item, "fixturenames", ())


def mistake(item: pytest.Item) -> str | None:
    """What a check fails to say about itself."""
    if sum(item.get_closest_marker(name) is not None for name in PARITY) != 1:
        return f"{item.nodeid}: needs exactly one of {', '.join(PARITY)}"
    if not Check.from_item(item).claim:
        return f"{item.nodeid}: needs a docstring that states its claim"
    return None


@cache
def suite_folder() -> Path:
    """The folder of the suite."""
    spec = find_spec("ovs_contracts.suite")
    assert spec is not None, "the suite is part of this package"
    assert spec.submodule_search_locations, "the suite is a package"
    return Path(next(iter(spec.submodule_search_locations)))


def areas() -> list[str]:
    """The names of the suite's folders that hold checks."""
    return sorted(folder.name for folder in suite_folder().iterdir() if any(folder.glob("test_*.py")))


def _relative_path(item: pytest.Item) -> Path:
    folder = suite_folder()
    return item.path.relative_to(folder) if item.path.is_relative_to(folder) else Path(item.path.name)
