"""One mock: its tenants and its routes, served on one port."""

import secrets
import socket
import ssl

from aiohttp import web

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.urls import PLAIN_ORIGIN
from ovs_mock.api.version import ApiVersion
from ovs_mock.api.versions import VERSIONS
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
from ovs_mock.server.context import ServerContext
from ovs_mock.server.controls.operations import CONTROL_PREFIX
from ovs_mock.server.middlewares import middlewares
from ovs_mock.server.routes import Routes
from ovs_mock.server.tenant import ClockName, Tenant
from ovs_mock.server.tenants import Tenants


class MockServer(Addresses):
    """A mock of the Overshoot API, on the event loop that starts it.

    ``BackgroundMock`` is the same on a thread of its own, with a synchronous handle.

    Args:
        settings: Settings of the first tenant; defaults are production's.
        clock: A clock, or the name of one: ``running`` (runs, and can be moved), ``frozen`` or ``real``.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        public_url: Base URL to hand out when clients reach the mock by another address than its Host header tells.
        open_control: Whether other machines and web pages may use the controls under ``/_mock``.
        mutant: A mutant, or the name of one: the mock deviates from the API in one point.

    Raises:
        ValueError: No mutant has that name.
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
        self.mutant = _get_mutant(mutant)
        self._context = ServerContext(
            # The secret is not derived from the seed: who knows the seed must not be able to issue tokens.
            tokens=self.mutant.tokens("ovs-mock", secrets.token_hex(32)),
            versions=tuple(_mutated(version, self.mutant) for version in VERSIONS.values()),
            host=host,
            public_url=public_url,
            open_control=open_control,
            mutant=self.mutant,
        )
        self._tenants = Tenants()
        self.tenant = self.open_tenant(settings or Settings(), clock)
        self._runner: web.AppRunner | None = None
        self._tls: web.SockSite | None = None
        self._tls_port = 0

    @property
    def settings(self) -> Settings:
        return self.tenant.settings

    @property
    def model(self) -> ScriptedModel:
        """The vision model, whose replies can be scripted."""
        return self.tenant.model

    @property
    def runtime(self) -> Runtime:
        return self.tenant.runtime

    @property
    def frame_injector(self) -> FrameInjector:
        return self.tenant.frame_injector

    @property
    def gateway(self) -> IngestGateway:
        return self.tenant.gateway

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
        """Listen. Raises OSError when the port is not free."""
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
        """Whether the server listens with TLS as well."""
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
        """Stop listening with TLS and abort its connections: none outlives its interception."""
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
            await tenant.gateway.close()
        if self._runner:
            await self._runner.cleanup()
        for tenant in self._tenants:
            await tenant.close()

    def open_tenant(self, settings: Settings, clock: Clock | ClockName = "running") -> Tenant:
        """Open a tenant: calls with its key are apart from those with other keys, and so is its clock."""
        tenant = Tenant(self._context, settings, clock)
        self._tenants.add(tenant)
        return tenant

    async def close_tenant(self, tenant: Tenant) -> None:
        """Disconnect every client of a tenant and forget it; nothing happens when it was closed before."""
        await self._tenants.close(tenant)

    async def advance(self, seconds: float) -> list[Event]:
        """Move the clock forward and deliver all that follows; returns the events that were fired on the way."""
        return await self.runtime.advance(micros(seconds))

    async def advance_to_next(self) -> list[Event]:
        """Move the clock to the next event that is due without anybody's doing."""
        return await self.runtime.advance_to_next()

    async def __aenter__(self) -> "MockServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        routes = Routes(self._context, self._tenants)
        app = web.Application(middlewares=middlewares(routes))
        app.add_routes(routes.definitions())
        app[PLAIN_ORIGIN] = lambda: self.url
        app.on_shutdown.append(self._disconnect)
        if self.mutant.intercepts_requests:
            # Imported here, as mutants are rare and tests start many servers.
            from ovs_mock.mutants.middleware import install

            install(
                app,
                self.mutant,
                lambda request: self._tenants.for_request(request).runtime,
                skip=CONTROL_PREFIX,
            )
        return app

    async def _disconnect(self, app: web.Application) -> None:
        for tenant in self._tenants:
            await tenant.disconnect()


def _mutated(version: ApiVersion, mutant: Mutant) -> ApiVersion:
    return mutant.chat_version(version) if isinstance(version, ChatVersion) else version


def _get_mutant(mutant: Mutant | str | None) -> Mutant:
    """A mutant, or the one of that name. The catalogue is imported only when a name is given."""
    if not isinstance(mutant, str):
        return mutant or NO_MUTANT
    from ovs_mock.mutants.registry import get_mutant

    return get_mutant(mutant)
