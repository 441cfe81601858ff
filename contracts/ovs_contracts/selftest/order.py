"""Which checks are made first: those that are about what drifts."""

from collections.abc import Iterable

import pytest

from ovs_contracts.running import checks

# Areas of the suite that are about the same as an area of the mock's drifts; the first part of its name is one too.
AREAS = {
    "v1": ("chat",),
    "v1beta": ("chat",),
    "chat": ("v1beta", "v1"),
    "access": ("chat", "v02", "billing"),
    "cors": ("chat", "v02", "billing", "livekit"),
    "billing": ("chat", "v1beta"),
}
# Slow, or about everything.
LAST = ("probes", "livekit", "generated", "machines")


def ordered(items: Iterable[pytest.Item], drift_area: str) -> list[pytest.Item]:
    """The checks that are most likely to notice come first, and those that take long come last."""
    part, _, topic = drift_area.partition("/")
    near = (part, *AREAS.get(part, ()))

    def rank(item: pytest.Item) -> tuple[bool, bool, int]:
        area = checks.area(item)
        about_it = bool(topic) and topic in item.path.stem
        late = LAST.index(area) + 1 if area in LAST and area != part else 0
        return late > 0, not (area in near and about_it), (near.index(area) if area in near else len(near)) + late

    return sorted(items, key=rank)
