"""The composition root: one mock, put together from its rooms and served on one port."""

import secrets
import socket
import ssl

from aiohttp import web

from ovs_mock.api import cors_middleware
from ovs_mock.api.access_log import access_log
from ovs_mock.api.reference.handlers import routes as reference_routes
from ovs_mock.api.urls import PLAIN_ORIGIN
from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import micros
from ovs_mock.engine.settings import Settings
from ovs_mock.ingest.gateway import IngestGateway
from ovs_mock.ingest.loading import takes_video
from ovs_mock.model import ScriptedModel
from ovs_mock.mutants.mutant import NO_MUTANT, Mutant
from ovs_mock.runtime.clock import Clock
from ovs_mock.runtime.frame_injector import FrameInjector
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.addresses import Addresses
from ovs_mock.server.controls.endpoint import Endpoints
from ovs_mock.server.controls.tenants import TenantControls
from ovs_mock.server.tenant import ClockName, ServerContext, Tenant
from ovs_mock.server.tenants import Tenants, dispatched


class MockServer(Addresses):
    """A mock of the Overshoot API on ``host`` and ``port`` (0 takes a free one).

    Lives on the event loop that starts it; BackgroundMock is the same with a synchronous face. ``clock`` is a clock
    or the name of one: ``running`` (runs, and can be moved), ``frozen`` or ``real``. ``public_url`` is the base URL
    to hand out when the mock is reached by another address than the one in the requests' Host header. ``open_control``
    lets other machines and web pages use the controls under ``/_mock``. ``mutant`` is a deviation from the API that the
    mock shows, or the name of one. Raises ValueError for an unknown name.
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
        mutant: Mutant | str | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self._public_url = public_url
        self.mutant = _get_mutant(mutant)
        # Not from the seed: whoever knows the seed should not be able to make tokens.
        tokens = self.mutant.tokens("ovs-mock", secrets.token_hex(32))
        self._house = ServerContext(
            tokens=tokens,
            host=host,
            public_url=public_url,
            open_control=open_control,
            mutant=self.mutant,
            controls=self._controls(public_url),
            check=lambda request: self._tenants.check(request),  # noqa: PLW0108 - there are none yet
            taken=lambda tenant, key: self._tenants.taken(tenant, key),  # noqa: PLW0108
        )
        self.tenant = Tenant(self._house, settings or Settings(), clock)
        self._tenants = Tenants(self.tenant)
        self._runner: web.AppRunner | None = None
        self._tls: web.SockSite | None = None
        self._tls_port = 0

    @property
    def settings(self) -> Settings:
        return self.tenant.settings

    @property
    def model(self) -> ScriptedModel:
        """What the vision model says: script it."""
        return self.tenant.model

    @property
    def runtime(self) -> Runtime:
        return self.tenant.runtime

    @property
    def footage(self) -> FrameInjector:
        return self.tenant.footage

    @property
    def media(self) -> IngestGateway:
        return self.tenant.media

    @property
    def api_key(self) -> str:
        """A key with credits."""
        return self.tenant.api_key

    @property
    def url(self) -> str:
        """The server's origin, ``http://127.0.0.1:49152``."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host  # noqa: S104 - shown, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def takes_video(self) -> bool:
        """Whether the media extra is installed."""
        return takes_video()

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

    @property
    def listens_tls(self) -> bool:
        """Whether there is a way in with TLS."""
        return self._tls is not None

    async def listen_tls(self, context: ssl.SSLContext) -> int:
        """Listen on loopback with TLS as well; the port. For interceptions, of which there is one at a time."""
        assert self._runner is not None, "the server is started"
        listener = socket.create_server(("127.0.0.1", 0))
        self._tls = web.SockSite(self._runner, listener, ssl_context=context)
        self._tls_port = int(listener.getsockname()[1])
        await self._tls.start()
        return self._tls_port

    async def stop_tls(self) -> None:
        """Stop listening with TLS, and drop those who came that way: no connection outlives its interception."""
        if self._tls is None or self._runner is None or self._runner.server is None:
            return
        await self._tls.stop()
        self._tls = None
        for connection in self._runner.server.connections:
            transport = connection.transport
            if transport is None or transport.is_closing():
                continue
            if (address := transport.get_extra_info("sockname")) and address[1] == self._tls_port:
                transport.abort()

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._tls = None
        for tenant in self._tenants:
            await tenant.media.close()
        if self._runner:
            await self._runner.cleanup()
        for tenant in self._tenants:
            await tenant.close()

    def open_tenant(self, settings: Settings, clock: Clock | ClockName = "running") -> Tenant:
        """A tenant more: what is called with its key is apart from all others, and so is its clock."""
        tenant = Tenant(self._house, settings, clock)
        self._tenants.add(tenant)
        return tenant

    async def close_tenant(self, tenant: Tenant) -> None:
        """Part from everybody who is connected to a tenant, and forget it. Twice is no harm."""
        if tenant not in self._tenants:
            return
        self._tenants.remove(tenant)
        await tenant.part()
        await tenant.close()

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

    def _controls(self, public_url: str | None) -> Endpoints:
        return TenantControls(
            lambda: self._tenants,
            lambda settings, clock, api_key: Tenant(self._house, settings, clock, api_key=api_key),
            self.close_tenant,
            public_url,
        ).endpoints()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[access_log(), cors_middleware.cors, self._tenants.middleware()])
        app.add_routes(dispatched(route) for route in self.tenant.routes)
        app.add_routes(reference_routes(self._public_url))
        app[PLAIN_ORIGIN] = lambda: self.url
        app.on_shutdown.append(self._part)
        if self.mutant.intercepts_requests:
            # Imported here because few servers run a mutant, and tests start many servers.
            from ovs_mock.mutants.middleware import install

            install(app, self.mutant, lambda request: self._tenants.of(request).runtime)
        return app

    async def _part(self, app: web.Application) -> None:
        for tenant in self._tenants:
            await tenant.part()


def _get_mutant(wanted: Mutant | str | None) -> Mutant:
    """Return the mutant, looking it up when it is given by name; only then is the catalogue imported."""
    if not isinstance(wanted, str):
        return wanted or NO_MUTANT
    from ovs_mock.mutants.registry import get_mutant

    return get_mutant(wanted)
