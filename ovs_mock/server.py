"""The composition root: one mock, put together from its rooms and served on one port."""

import secrets
from typing import Literal

from aiohttp import web

from ovs_mock.control.handlers import PREFIX as CONTROL_PREFIX
from ovs_mock.control.handlers import Control
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.media import MODULES, LazyGateway, first_missing
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.clock import CLOCKS, Clock
from ovs_mock.runtime.footage import Footage
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.runtime.tokens import Tokens
from ovs_mock.wire import middleware
from ovs_mock.wire.access import access_log
from ovs_mock.wire.billing.handlers import PREFIX as BILLING_PREFIX
from ovs_mock.wire.billing.handlers import Billing
from ovs_mock.wire.chat.answering import root_errors
from ovs_mock.wire.chat.app import ChatVersion
from ovs_mock.wire.reference.handlers import routes as reference_routes
from ovs_mock.wire.service.handlers import Service
from ovs_mock.wire.v02.app import error_bodies
from ovs_mock.wire.v02.handlers import PREFIX as V02_PREFIX
from ovs_mock.wire.v02.handlers import V02
from ovs_mock.wire.v1.dialect import V1
from ovs_mock.wire.v1beta.dialect import V1BETA

ClockName = Literal["real", "running", "frozen"]


class MockServer:
    """A mock of the Overshoot API on ``host`` and ``port`` (0 takes a free one).

    Lives on the event loop that starts it; BackgroundMock is the same with a synchronous face. ``clock`` is a clock
    or the name of one: ``running`` (runs, and can be moved), ``frozen`` or ``real``. ``public_url`` is the base URL
    to hand out when the mock is reached by another address than the one in the requests' Host header. ``open_control``
    lets other machines and web pages use the controls under ``/_mock``.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | ClockName = "running",
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str | None = None,
        open_control: bool = False,
    ) -> None:
        self.settings = settings or Settings()
        self.host = host
        self.port = port
        self.model = ScriptedModel(seed=self.settings.seed)
        engine = Engine(self.settings)
        self.runtime = Runtime(engine, CLOCKS[clock]() if isinstance(clock, str) else clock, self.model)
        self.footage = Footage(self.runtime)
        self.api_key = engine.world.ids.tagged("ovs-mock").replace("_", "-")
        engine.world.accounts.register(self.api_key)
        self._public_url = public_url
        self._open_control = open_control
        # Not from the seed: whoever knows the seed should not be able to make tokens.
        self._tokens = Tokens("ovs-mock", secrets.token_hex(32))
        self._runner: web.AppRunner | None = None
        self.media = LazyGateway(self.runtime, self._tokens, self.settings, host)
        self.runtime.gateway = self.media

    @property
    def url(self) -> str:
        """The server's origin, ``http://127.0.0.1:49152``."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host  # noqa: S104 - shown, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def v02(self) -> str:
        """The base URL of v0.2."""
        return self.url + V02_PREFIX

    @property
    def v1(self) -> str:
        """The base URL of v1."""
        return self.url + V1.prefix

    @property
    def v1beta(self) -> str:
        """The base URL of v1beta."""
        return self.url + V1BETA.prefix

    @property
    def billing(self) -> str:
        """The base URL of billing."""
        return self.url + BILLING_PREFIX

    @property
    def livekit_url(self) -> str:
        """Where LiveKit clients connect."""
        return self.url.replace("http", "ws", 1)

    @property
    def takes_video(self) -> bool:
        """Whether the media extra is installed."""
        return first_missing(*MODULES) is None

    async def start(self) -> None:
        """Listen. Raises OSError when the port cannot be had."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.media.close()
        if self._runner:
            await self._runner.cleanup()
        await self.runtime.close()

    async def advance(self, seconds: float) -> list[Event]:
        """Move the clock forward and deliver all that follows; the events that were fired on the way."""
        return await self.runtime.advance(micros(seconds))

    async def advance_to_next(self) -> list[Event]:
        """Move the clock to the next thing that will happen by itself."""
        return await self.runtime.advance_to_next()

    async def __aenter__(self) -> "MockServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        parts = (self.runtime, self._tokens, self.settings, self._public_url)
        v02 = V02(*parts)
        versions = [ChatVersion(dialect, *parts) for dialect in (V1, V1BETA)]
        root = root_errors(self.runtime, V1BETA.errors, apart=(CONTROL_PREFIX, "/rtc"))
        own = [root, error_bodies(self.runtime), *(version.middleware() for version in versions)]
        app = web.Application(middlewares=[access_log(), middleware.cors, *own])
        app.add_routes(v02.routes())
        app.on_shutdown.append(v02.close_sockets)
        for version in versions:
            app.add_routes(version.routes())
            app.on_shutdown.append(version.end_chats)
        app.add_routes(Billing(self.runtime, self._public_url).routes())
        app.add_routes(Service(self.runtime).routes())
        control = Control(self.runtime, self.footage, self.model, allow_other_hosts=self._open_control)
        app.add_routes(control.routes())
        app.add_routes(reference_routes(self._public_url))
        app.add_routes(self.media.routes())
        return app
