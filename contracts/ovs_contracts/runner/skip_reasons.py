"""What keeps a check from being made against a target."""

import pytest

from ovs_contracts.runner.options import Options
from ovs_contracts.safety.budget import HOLDS_MORE
from ovs_contracts.safety.errors import LimitError, NotAllowedError, UnsupportedError
from ovs_contracts.targets.target import Target


def obstacle(item: pytest.Item, target: Target, options: Options) -> NotAllowedError | None:
    """What the target lacks, or which limit of the run the check exceeds; ``None`` when it can be made."""
    return _missing(item, target) or _beyond(item, target, options)


def _missing(item: pytest.Item, target: Target) -> NotAllowedError | None:
    for marker in item.iter_markers("needs"):
        for power in marker.args:
            if power not in target.powers:
                return UnsupportedError(str(power.value))
    mock_only = item.get_closest_marker("mock_only")
    if mock_only and not target.controlled:
        return UnsupportedError("can be seen on the mock only", mock_only.args[0])
    return None


def _beyond(item: pytest.Item, target: Target, options: Options) -> NotAllowedError | None:
    waits = sum(marker.args[0] for marker in item.iter_markers("passes_time"))
    if waits > options.max_wait and not target.controlled:
        reason = f"waits longer in real time than {options.flag('max_wait')}={options.max_wait:g} allows"
        return LimitError(reason, f"{waits:g} s")
    held = max((marker.args[0] for marker in item.iter_markers("streams")), default=1)
    if target.charges and held > options.max_streams:
        return LimitError(HOLDS_MORE, f"allow it with {options.flag('max_streams')}={held}")
    return None
