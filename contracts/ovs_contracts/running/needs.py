"""Why a check is not made against a target."""

import pytest

from ovs_contracts.options import Options
from ovs_contracts.targets.target import Target


def missing(item: pytest.Item, target: Target) -> str | None:
    """What the target lacks for a check; ``None`` when it lacks nothing."""
    for marker in item.iter_markers("needs"):
        for power in marker.args:
            if power not in target.powers:
                return str(power.value)
    mock_only = item.get_closest_marker("mock_only")
    if mock_only and not target.controlled:
        return f"on the mock only: {mock_only.args[0]}"
    return None


def beyond(item: pytest.Item, target: Target, options: Options) -> str | None:
    """Which limit of the run a check exceeds; ``None`` when it keeps them all."""
    waits = sum(marker.args[0] for marker in item.iter_markers("passes_time"))
    if waits > options.max_wait and not target.controlled:
        flag = options.flag("max_wait")
        return f"would wait {waits:g} s in real time: allow it with {flag}={waits:g}"
    held = max((marker.args[0] for marker in item.iter_markers("streams")), default=1)
    if target.charges and held > options.max_streams:
        return f"holds {held} streams at a time: allow it with {options.flag('max_streams')}={held}"
    return None
