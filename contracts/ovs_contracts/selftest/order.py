"""Which checks are made first: those that are about what drifts. A wrong guess costs time and nothing else."""

from collections.abc import Iterable

import pytest

from ovs_contracts.running import checks

# Modules of the suite for what an area of drifts is about, the most promising first; by default those of its name.
MODULES = {
    "access": ("access", "socket_keys"),
    "bodies": ("create_limits", "create_tokens", "completions", "validation", "tools", "json_output"),
    "billing": ("prices", "balance", "checkout"),
    "chat": ("completions", "tools"),
    "closing": ("endings",),
    "ending": ("ending", "access"),
    "errors": ("failures", "validation", "frame_errors", "create_limits", "access"),
    "lease": ("keepalive", "lease", "delete", "endings", "creating"),
    "limits": ("rate_limit", "concurrency", "creating"),
    "livekit": ("tokens", "door", "publishing"),
    "money": ("billing",),
    "references": ("frames", "references", "frame_errors"),
    "results": ("results", "watching"),
    "segments": ("segments", "frame_errors"),
    "service": ("health", "root"),
    "socket": ("socket_keys",),
    "spectate": ("info", "tokens"),
    "sse": ("event_streams",),
    "streams": ("creating", "lease"),
}
# Areas of the suite that stand beside an area of drifts; the first part of its name is one too.
BESIDE = {
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
    areas = (part, *BESIDE.get(part, ()))
    modules = MODULES.get(topic or part, (topic or part,))

    def rank(item: pytest.Item) -> tuple[int, int, int]:
        area, module = checks.area(item), item.path.stem.removeprefix("test_")
        is_near = area in areas
        late = LAST.index(area) + 1 if area in LAST and area != part else 0
        return (
            late,
            modules.index(module) if is_near and module in modules else len(modules),
            areas.index(area) if is_near else len(areas),
        )

    return sorted(items, key=rank)
