"""The mock on a thread of its own, with a synchronous face.

Serves tests of any framework alike: synchronous ones, and those of any event loop.
"""

from ovs_mock.engine.settings import Settings
from ovs_mock.handle.local import Ovs
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.runtime.clock import Clock
from ovs_mock.server.server import MockServer
from ovs_mock.server.tenant import ClockName
from ovs_mock.util.loop_thread import LoopThread


class BackgroundMock(Ovs):
    """A MockServer on its own thread, and its first tenant."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | ClockName = "running",
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str | None = None,
        mutant: Mutant | str | None = None,
    ) -> None:
        server = MockServer(settings, clock=clock, host=host, port=port, public_url=public_url, mutant=mutant)
        super().__init__(LoopThread("mock"), server, server.tenant)

    def start(self) -> "BackgroundMock":
        """Start the thread and listen."""
        self._thread.start()
        try:
            self.run(self._server.start())
        except BaseException:
            self._thread.stop()
            raise
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._thread.running:
            self.run(self._server.stop())
            self._thread.stop()

    def open_tenant(self, settings: Settings | None = None, clock: Clock | ClockName = "running") -> Ovs:
        """A tenant more on the same server: what is called with its key never meets what is called with another."""
        tenant = self._thread.call(lambda: self._server.open_tenant(settings or Settings(), clock))
        return Ovs(self._thread, self._server, tenant)

    def close_tenant(self, ovs: Ovs) -> None:
        """End everything of a tenant: its sockets, its rooms, its streams."""
        self.run(self._server.close_tenant(ovs.tenant))

    def __enter__(self) -> "BackgroundMock":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
