"""What one version of the API is: each fact in which versions differ, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from ovs_mock.api.errors import ErrorTable
from ovs_mock.api.operation import Operation
from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.instants import micros
from ovs_mock.engine.service import Service
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.stream import StreamRules


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiVersion:
    """One version. ``ovs_mock.api.versions`` lists them all; everything else looks its facts up there."""

    name: str
    """As clients, the journal and faults name it: ``v1beta``."""
    service: Service
    """Whether the version pushes results or answers chats."""
    at_root: bool = False
    """Whether the version also serves some paths at the host's root, and reports the errors of all other paths."""
    lease_seconds: int
    """Seconds after which a stream ends unless it is renewed; ``Settings.ttl_seconds`` replaces it."""
    retention_seconds: int
    """Seconds for which a stream keeps its frames."""
    streams_need_credits: bool
    """Whether an account without credits gets no new stream."""
    errors: ErrorTable
    """How the version reports errors: a module that implements the table."""

    @property
    def prefix(self) -> str:
        """The path that all its other paths begin with: ``/v1beta``."""
        return f"/{self.name}"

    @property
    def attribute(self) -> str:
        """The name of its base URL in Python and JSON: ``v02`` for v0.2."""
        return self.name.replace(".", "")

    @property
    def status_path(self) -> str:
        """The path of a stream's status, below the prefix."""
        raise NotImplementedError

    def operations(self) -> Sequence[Operation]:
        """The routes of the version."""
        raise NotImplementedError

    def response_headers(self, region: str | None) -> dict[str, str]:
        """Headers of every response; ``region`` is the one that serves the call, once that is known."""
        return {}

    def paths(self, operation: Operation) -> Sequence[str]:
        """The whole paths of an operation."""
        return (self.prefix + operation.path,)

    def owns(self, path: str) -> bool:
        """Whether a path belongs to the version, even when no route has it."""
        return path.startswith(self.prefix + "/")

    def stream_rules(self, settings: Settings) -> StreamRules:
        """The rules for new streams. The time of a stream costs money where results are pushed, else chats do."""
        pushes = self.service is Service.RESULTS
        departure_grace = micros(settings.departure_grace_seconds) if pushes else None
        return StreamRules(
            service=self.service,
            evict_by_clock=not pushes,
            needs_credits=self.streams_need_credits,
            lease=micros(settings.ttl_seconds or self.lease_seconds),
            retention=micros(self.retention_seconds),
            tombstone=micros(settings.tombstone_seconds),
            idle_after=micros(settings.idle_after_seconds),
            departure_grace=0 if settings.end_with_publisher and not pushes else departure_grace,
            concurrent_streams=settings.concurrent_streams if pushes else None,
            microcents_per_minute=round(settings.cents_per_minute * MICROCENTS_PER_CENT) if pushes else 0,
        )
