"""One tenant of a server: a world, a clock and a model of its own, and the rooms that speak for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.control.handlers import PREFIX as CONTROL_PREFIX
from ovs_mock.control.handlers import Control
from ovs_mock.drifts.drift import NO_DRIFT, Drift
from ovs_mock.engine.settings import Settings
from ovs_mock.faults.endpoints import FaultControls
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.recording import Recorder
from ovs_mock.media import LazyGateway
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.clock import CLOCKS, Clock
from ovs_mock.runtime.footage import Footage
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.runtime.tokens import Tokens
from ovs_mock.verdict.bill import Ledger
from ovs_mock.wire.billing.handlers import Billing
from ovs_mock.wire.chat.answering import root_errors
from ovs_mock.wire.chat.app import ChatVersion
from ovs_mock.wire.service.handlers import Service
from ovs_mock.wire.v02.app import error_bodies
from ovs_mock.wire.v02.handlers import V02
from ovs_mock.wire.v1.dialect import V1
from ovs_mock.wire.v1beta.dialect import V1BETA

if TYPE_CHECKING:
    from ovs_mock.faults.board import Board

ClockName = Literal["real", "running", "frozen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the tenants of one server share."""

    tokens: Tokens
    host: str
    public_url: str | None
    open_control: bool
    drift: Drift = NO_DRIFT
    """The one way in which all of them differ from the API, if there is one."""


class Tenant:
    """Everything that belongs to one API key and those registered beside it; two tenants never see each other."""

    def __init__(self, house: House, settings: Settings, clock: Clock | ClockName) -> None:
        settings = house.drift.settings(settings)
        self.settings = settings
        self.model = ScriptedModel(seed=settings.seed)
        engine = house.drift.engine(settings)
        self.runtime = Runtime(engine, CLOCKS[clock]() if isinstance(clock, str) else clock, self.model)
        self.footage = Footage(self.runtime)
        self.journal = Journal()
        self.ledger = Ledger(self.runtime)
        self.ledger.start()
        self._recorder = Recorder(self.journal, self.runtime)
        self._recorder.start()
        self.api_key = engine.world.ids.tagged("ovs-mock").replace("_", "-")
        engine.world.accounts.register(self.api_key)
        self.media = LazyGateway(self.runtime, house.tokens, settings, house.host)
        self.runtime.gateway = self.media
        parts = (self.runtime, house.tokens, settings, house.public_url)
        self._v02 = V02(*parts)
        self._versions = [ChatVersion(house.drift.dialect(dialect), *parts) for dialect in (V1, V1BETA)]
        self.known_board: Board | None = None
        self.routes = self._routes(house)
        self._handlers = {(route.method, route.path): route.handler for route in self.routes}
        self.middlewares = self._middlewares()

    @property
    def board(self) -> "Board":
        """What goes wrong on purpose. Made when somebody wants it: until then it costs nothing."""
        if self.known_board is None:
            from ovs_mock.faults.board import Board, Stage

            self.known_board = Board(
                Stage(
                    runtime=self.runtime,
                    model=self.model,
                    media=self.media,
                    sockets=lambda: self._v02.sockets,
                    api_key=self.api_key,
                    enter=self._let_go_wrong,
                )
            )
        return self.known_board

    def _let_go_wrong(self, board: "Board") -> None:
        from ovs_mock.faults.middleware import attend, instead, middleware

        self.middlewares.insert(1, middleware(board))
        self.middlewares.append(instead)
        attend(board)

    def handler(self, route: web.RouteDef) -> Handler:
        """This tenant's handler of a route that all tenants have."""
        handler: Handler = self._handlers[route.method, route.path]
        return handler

    def knows(self, api_key: str) -> bool:
        """Whether the key was registered with, or taken in by, this tenant."""
        return self.runtime.engine.world.accounts.knows(api_key)

    def has(self, stream_id: str) -> bool:
        """Whether the stream is, or was a short while ago, one of this tenant's."""
        return stream_id in self.runtime.engine.world.streams

    async def part(self) -> None:
        """Say goodbye to everybody who is connected."""
        if self.known_board:
            self.known_board.release()
        await self._v02.close_sockets()
        for version in self._versions:
            version.end_chats()

    async def close(self) -> None:
        """Let what is under way finish, and do nothing any more."""
        await self.media.close()
        await self.runtime.close()

    def _routes(self, house: House) -> list[web.RouteDef]:
        faults = FaultControls(lambda: self.board, lambda: self.known_board)
        control = Control(
            self.runtime,
            self.footage,
            self.model,
            more=faults.endpoints(),
            allow_other_hosts=house.open_control,
        )
        return [
            *self._v02.routes(),
            *(route for version in self._versions for route in version.routes()),
            *Billing(self.runtime, house.public_url).routes(),
            *Service(self.runtime).routes(),
            *control.routes(),
            *self.media.routes(),
        ]

    def _middlewares(self) -> list[Middleware]:
        """Outermost first."""
        root = root_errors(self.runtime, V1BETA.errors, apart=(CONTROL_PREFIX, "/rtc"))
        versions = [version.middleware() for version in self._versions]
        return [self._recorder.middleware(), root, error_bodies(self.runtime), *versions]
