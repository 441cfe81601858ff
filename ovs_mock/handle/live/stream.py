"""A stream of a real server, as far as the server tells of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ovs_mock.handle.live.mock_only import Skip

Status = Mapping[str, Any]
Teller = Callable[[Status], Any]

_V02: dict[str, Teller] = {
    # It tells of a size, and of no number.
    "frames_received": lambda status: int(bool(status["frame_width"])),
    "width": lambda status: status["frame_width"],
    "height": lambda status: status["frame_height"],
    "fps": lambda status: status["fps"],
    "inferences_completed": lambda status: status["inferences_completed"],
    "inferences_failed": lambda status: status["inferences_failed"],
}
_CHAT: dict[str, Teller] = {
    "frames_received": lambda status: 0 if status["last_frame_index"] is None else status["last_frame_index"] + 1,
    "frames_retained": lambda status: status["retained_frame_count"] or 0,
    "fps": lambda status: status["recent_fps"] or 0.0,
    "end_reason": lambda status: status["end_reason"],
    "created_at": lambda status: status["created_at_ms"] / 1000,
    "lease_expires_at": lambda status: status["expires_at_ms"] / 1000,
}
_TOLD = {"v0.2": _V02, "v1": _CHAT, "v1beta": _CHAT}


@dataclass(frozen=True, slots=True)
class LiveStream:
    """Has what its version's status tells of a StreamView; anything else skips the test."""

    id: str
    version: str
    status: Status | None
    """The body of the answer; ``None`` when the server knows the stream no more."""
    skip: Skip

    @property
    def running(self) -> bool:
        return self.status is not None and self.status.get("state") != "ended"

    @property
    def state(self) -> str:
        return "ended" if self.status is None else str(self.status.get("state"))

    def __getattr__(self, name: str) -> Any:
        # The reason's place is where the test asked for it.
        __tracebackhide__ = True
        if name.startswith("_"):
            raise AttributeError(name)
        tell = _TOLD[self.version].get(name)
        if tell is None:
            self.skip(f"stream.{name}: the API does not tell it, and only the mock does")
        if self.status is None:
            self.skip(f"stream.{name}: the stream has ended, and the server knows it no more")
        return tell(self.status)
