"""The checks of the suite, without making them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from ovs_contracts.runner import checks
from ovs_contracts.runner.launch import pytest_on_the_suite


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCheck:
    """A check and what it says about itself; those of several forms count once."""

    id: str
    area: str
    claim: str
    parity: str
    source: str
    needs: tuple[str, ...]
    waits_seconds: float
    costs_cents: float
    streams: int
    probe: str | None
    forms: int


class _CollectPlugin:
    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = [item for item in session.items if checks.is_check(item)]


def collected(only: Sequence[str] = (), expression: str | None = None) -> list[ListedCheck]:
    """In the order in which they are made."""
    gatherer = _CollectPlugin()
    pytest_on_the_suite(only, expression, ["--collect-only"], [gatherer])
    forms: dict[str, list[pytest.Item]] = {}
    for item in gatherer.items:
        forms.setdefault(checks.check_id(item).partition("[")[0], []).append(item)
    return [_listed(id_, items) for id_, items in forms.items()]


def _listed(id_: str, items: list[pytest.Item]) -> ListedCheck:
    item = items[0]
    parity, source = checks.parity(item)
    probe = item.get_closest_marker("probe")
    return ListedCheck(
        id=id_,
        area=checks.area(item),
        claim=checks.claim(item),
        parity=parity,
        source=source,
        needs=tuple(power.name.lower() for marker in item.iter_markers("needs") for power in marker.args),
        waits_seconds=sum(marker.args[0] for marker in item.iter_markers("passes_time")),
        costs_cents=checks.cost(item),
        streams=max((marker.args[0] for marker in item.iter_markers("streams")), default=1),
        probe=str(probe.args[0]) if probe else None,
        forms=len(items),
    )
