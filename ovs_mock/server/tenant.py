"""One tenant of a server: a world, a clock and a model of its own, and the rooms that speak for them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.billing.handlers import BillingHandlers
from ovs_mock.api.chat.app import ChatVersion
from ovs_mock.api.chat.error_middleware import root_errors
from ovs_mock.api.error_dispatch import below, by_path, untouched
from ovs_mock.api.service.handlers import ServiceHandlers
from ovs_mock.api.v02 import app as v02
from ovs_mock.api.v02.handlers import V02Handlers
from ovs_mock.api.v1.version import V1
from ovs_mock.api.v1beta.version import V1BETA
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
from ovs_mock.mutants.mutant import NO_MUTANT, Mutant
from ovs_mock.runtime.clock import CLOCKS, Clock
from ovs_mock.runtime.frame_injector import FrameInjector
from ovs_mock.runtime.listeners import Listener
from ovs_mock.runtime.livekit_tokens import LiveKitTokens
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.controls.controls import PREFIX as CONTROL_PREFIX
from ovs_mock.server.controls.controls import ControlHandlers
from ovs_mock.server.controls.endpoint import Endpoints
from ovs_mock.server.controls.faults import FaultControls
from ovs_mock.server.controls.journal import JournalControls
from ovs_mock.server.controls.report import ReportControls
from ovs_mock.server.report import verdict

ClockName = Literal["real", "running", "frozen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerContext:
    """What the tenants of one server share."""

    tokens: LiveKitTokens
    host: str
    public_url: str | None
    open_control: bool
    mutant: Mutant = NO_MUTANT
    """The one way in which all of them differ from the API, if there is one."""
    controls: Endpoints = field(default_factory=dict)
    """Controls that are about the server itself."""
    check: Callable[[web.Request], None] | None = None
    """Raises ProblemError for a control of which it is not clear whom it is about."""
    taken: Callable[["Tenant", str], bool] = lambda tenant, key: False
    """Whether a key that a tenant wants leads to another one."""


class Tenant:
    """Everything that belongs to one API key and those registered beside it; two tenants never see each other."""

    def __init__(
        self, house: ServerContext, settings: Settings, clock: Clock | ClockName, *, api_key: str | None = None
    ) -> None:
        self._house = house
        self.settings = house.mutant.settings(settings)
        self.clock_name = clock if isinstance(clock, str) else type(clock).__name__.removesuffix("Clock").lower()
        self.clock = CLOCKS[clock]() if isinstance(clock, str) else clock
        self.model = ScriptedModel(seed=self.settings.seed)
        self.journal = Journal()
        self._listeners: list[Listener] = []
        self._lives = 0
        self._begin(api_key)

    def _begin(self, api_key: str | None) -> None:
        """A world in which nothing has happened, and the rooms that speak for it."""
        house, settings = self._house, self.settings
        self._lives += 1
        # Ids of a later life are others: who comes late from an earlier one meets nobody.
        name = settings.name if self._lives == 1 else f"{settings.name}/{self._lives}"
        engine = house.mutant.engine(replace(settings, name=name))
        self.runtime = Runtime(engine, self.clock, self.model)
        for listener in self._listeners:
            self.runtime.subscribe(listener)
        self.footage = FrameInjector(self.runtime)
        self.ledger = ChargeLog(self.runtime)
        self.ledger.start()
        self._recorder = JournalRecorder(self.journal, self.runtime)
        self._recorder.start()
        self.api_key = api_key or engine.state.ids.tagged("ovs-mock").replace("_", "-")
        engine.state.accounts.register(self.api_key)
        self.media = IngestGateway(self.runtime, house.tokens, settings, house.host)
        self.runtime.gateway = self.media
        parts = (self.runtime, house.tokens, settings, house.public_url)
        self._v02 = V02Handlers(*parts)
        self._versions = [ChatVersion(house.mutant.api_version(dialect), *parts) for dialect in (V1, V1BETA)]
        self.faults = FaultRegistry(
            FaultContext(
                runtime=self.runtime,
                model=self.model,
                media=self.media,
                sockets=lambda: self._v02.sockets,
                api_key=self.api_key,
                on_fired=self._on_fault_fired,
            ),
            load_middleware,
        )
        self.routes = self._routes(house)
        self._handlers = {(route.method, route.path): route.handler for route in self.routes}
        self.middlewares = self._middlewares()

    def _on_fault_fired(self, fault: Fault, on: str) -> None:
        at = seconds(self.clock.now())
        self.journal.write(FaultTriggered(at, at, fault.id, redacted(str(fault)), redacted(on), fault.used))

    def handler(self, route: web.RouteDef) -> Handler:
        """This tenant's handler of a route that all tenants have."""
        handler: Handler = self._handlers[route.method, route.path]
        return handler

    def knows(self, api_key: str) -> bool:
        """Whether the key was registered with, or taken in by, this tenant."""
        return self.runtime.engine.state.accounts.knows(api_key)

    def has(self, stream_id: str) -> bool:
        """Whether the stream is, or was a short while ago, one of this tenant's."""
        return stream_id in self.runtime.engine.state.streams

    def listen(self, listener: Listener) -> None:
        """Tell of every event from now on, also after a reset."""
        self._listeners.append(listener)
        self.runtime.subscribe(listener)

    def verdict(self) -> dict[str, Any]:
        """What was left open, what it cost, and what was set and not used, as JSON."""
        return verdict(self.runtime, self.journal, self.ledger, self.model, self.faults)

    async def reset(self) -> None:
        """Part from everybody, and begin again, with the same key and settings. The clock stays where it is."""
        async with self.runtime.exclusive_clock():
            await self.part()
            await self.close()
            self.model.reset()
            self.model.instead = None
            self._begin(self.api_key)
            self.journal.clear()

    async def part(self) -> None:
        """Say goodbye to everybody who is connected."""
        self.faults.release()
        await self._v02.close_sockets()
        for version in self._versions:
            version.end_chats()

    async def close(self) -> None:
        """Let what is under way finish, and do nothing any more."""
        await self.media.close()
        await self.runtime.close()
        self.footage.close()

    def _routes(self, house: ServerContext) -> list[web.RouteDef]:
        faults = FaultControls(self.faults)
        verdicts = ReportControls(self.verdict, self.reset)
        control = ControlHandlers(
            self.runtime,
            self.footage,
            self.model,
            more={
                **faults.endpoints(),
                **JournalControls(self.journal).endpoints(),
                **verdicts.endpoints(),
                **house.controls,
            },
            check=house.check,
            taken=lambda key: house.taken(self, key),
            allow_other_hosts=house.open_control,
        )
        return [
            *self._v02.routes(),
            *(route for version in self._versions for route in version.routes()),
            *BillingHandlers(self.runtime, house.public_url).routes(),
            *ServiceHandlers(self.runtime).routes(),
            *control.routes(),
            *self.media.routes(),
        ]

    def _middlewares(self) -> list[Middleware]:
        """Outermost first."""
        forms = [
            (v02.claims, v02.error_bodies(self.runtime)),
            *((version.claims, version.middleware()) for version in self._versions),
            (below(CONTROL_PREFIX, "/rtc"), untouched),
        ]
        return [
            self._recorder.middleware(),
            self.faults.middleware,
            by_path(forms, root_errors(self.runtime, V1BETA.errors)),
            self.faults.override_middleware,
        ]
