"""One tenant of a server: an engine, a clock and a model of its own, and all that serves them."""

from dataclasses import replace
from typing import Any, Literal

from ovs_mock.api.call import ApiState
from ovs_mock.api.room_access import RoomAccess
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.settings import Settings
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.loading import load_middleware
from ovs_mock.faults.registry import FaultContext, FaultRegistry
from ovs_mock.ingest.gateway import IngestGateway
from ovs_mock.journal.bill import ChargeLog
from ovs_mock.journal.entries import FaultTriggered
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.recorder import JournalRecorder
from ovs_mock.journal.redaction import redacted
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.clock import CLOCKS, Clock
from ovs_mock.runtime.frame_injector import FrameInjector
from ovs_mock.runtime.listeners import Listener
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.context import ServerContext
from ovs_mock.server.report import report

ClockName = Literal["real", "running", "frozen"]


class Tenant:
    """Everything that belongs to one API key and those registered beside it; two tenants never see each other.

    Routes and handlers are the server's: a tenant has only what they work on.
    """

    def __init__(
        self, context: ServerContext, settings: Settings, clock: Clock | ClockName, *, api_key: str | None = None
    ) -> None:
        self._context = context
        self.settings = context.mutant.settings(settings)
        self.clock_name = clock if isinstance(clock, str) else type(clock).__name__.removesuffix("Clock").lower()
        self.clock = CLOCKS[clock]() if isinstance(clock, str) else clock
        self.model = ScriptedModel(seed=self.settings.seed)
        self.journal = Journal()
        self._listeners: list[Listener] = []
        self._resets = 0
        self._begin(api_key)

    def _begin(self, api_key: str | None) -> None:
        """Make an engine in which nothing has happened, and what serves it."""
        context, settings = self._context, self.settings
        # A reset changes all ids, so requests that refer to earlier streams get 404.
        name = f"{settings.name}/{self._resets + 1}" if self._resets else settings.name
        engine = context.mutant.engine(replace(settings, name=name))
        self.runtime = Runtime(engine, self.clock, self.model)
        for listener in self._listeners:
            self.runtime.subscribe(listener)
        self.frame_injector = FrameInjector(self.runtime)
        self.charge_log = ChargeLog(self.runtime)
        self.charge_log.start()
        self.recorder = JournalRecorder(self.journal, self.runtime)
        self.recorder.start()
        self.api_key = api_key or engine.state.ids.tagged("ovs-mock").replace("_", "-")
        engine.state.accounts.register(self.api_key)
        self.gateway = IngestGateway(self.runtime, context.tokens, settings, context.host)
        self.runtime.gateway = self.gateway
        rooms = RoomAccess(self.runtime, context.tokens, settings, context.public_url)
        self.api = ApiState(self.runtime, settings, rooms)
        self.faults = FaultRegistry(
            FaultContext(
                runtime=self.runtime,
                model=self.model,
                media=self.gateway,
                sockets=lambda: tuple(self.api.result_sockets),
                api_key=self.api_key,
                on_fired=self._on_fault_fired,
            ),
            load_middleware,
        )

    def _on_fault_fired(self, fault: Fault, on: str) -> None:
        at = seconds(self.clock.now())
        self.journal.write(FaultTriggered(at, at, fault.id, redacted(str(fault)), redacted(on), fault.used))

    def knows(self, api_key: str) -> bool:
        """Whether the key was registered with this tenant, or has opened an account of it."""
        return self.runtime.state.accounts.knows(api_key)

    def has(self, stream_id: str) -> bool:
        """Whether the stream is this tenant's, and has not ended too long ago."""
        return stream_id in self.runtime.state.streams

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` with every event from now on, also after a reset."""
        self._listeners.append(listener)
        self.runtime.subscribe(listener)

    def report(self) -> dict[str, Any]:
        """What was left open, what it cost, and what was set and not used, as JSON."""
        return report(self.runtime, self.journal, self.charge_log, self.model, self.faults)

    async def reset(self) -> None:
        """Disconnect every client, and begin again with the same key and settings. The clock does not change."""
        async with self.runtime.exclusive_clock():
            await self.disconnect()
            await self.close()
            self._resets += 1
            self.model.reset()
            self.model.override = None
            self._begin(self.api_key)
            self.journal.clear()

    async def disconnect(self) -> None:
        """Disconnect every client."""
        self.faults.release()
        await self.api.disconnect()

    async def close(self) -> None:
        """Finish what has begun, and stop."""
        await self.gateway.close()
        await self.runtime.close()
        self.frame_injector.close()
