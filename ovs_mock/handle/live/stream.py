"""A stream of a server that is not a mock: what its status shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ovs_mock.api.versions import VERSIONS
from ovs_mock.engine.service import Service
from ovs_mock.handle.live.mock_only import Skip

Status = Mapping[str, Any]

_RESULTS: dict[str, Callable[[Status], Any]] = {
    # The status has the size of the frames and not their number.
    "frames_received": lambda status: int(bool(status["frame_width"])),
    "width": lambda status: status["frame_width"],
    "height": lambda status: status["frame_height"],
    "fps": lambda status: status["fps"],
    "inferences_completed": lambda status: status["inferences_completed"],
    "inferences_failed": lambda status: status["inferences_failed"],
}
_CHAT: dict[str, Callable[[Status], Any]] = {
    "frames_received": lambda status: 0 if status["last_frame_index"] is None else status["last_frame_index"] + 1,
    "frames_retained": lambda status: status["retained_frame_count"] or 0,
    "fps": lambda status: status["recent_fps"] or 0.0,
    "end_reason": lambda status: status["end_reason"],
    "created_at": lambda status: status["created_at_ms"] / 1000,
    "lease_expires_at": lambda status: status["expires_at_ms"] / 1000,
}
_FIELDS = {Service.RESULTS: _RESULTS, Service.CHAT: _CHAT}


@dataclass(frozen=True, slots=True)
class LiveStream:
    """The attributes of a ``StreamView`` that the status of its version shows; any other skips the test."""

    id: str
    version: str
    status: Status | None
    """Body of the answer; ``None`` when the server no longer knows the stream."""
    skip: Skip

    @property
    def service(self) -> Service:
        """Whether the version of the stream pushes results or answers chats."""
        return VERSIONS[self.version].service

    @property
    def running(self) -> bool:
        return self.state != "ended"

    @property
    def state(self) -> str:
        return "ended" if self.status is None else str(self.status.get("state"))

    def __getattr__(self, name: str) -> Any:
        # pytest reports the line of the test as the place of the skip.
        __tracebackhide__ = True
        if name.startswith("_"):
            raise AttributeError(name)
        read = _FIELDS[self.service].get(name)
        if read is None:
            self.skip(f"stream.{name}: only the mock has it, the API does not show it")
        if self.status is None:
            self.skip(f"stream.{name}: the stream has ended and the server no longer knows it")
        return read(self.status)
