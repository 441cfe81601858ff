"""A mock on a thread of its own, with a synchronous handle: for tests of any framework and any event loop."""

from typing import Self

from ovs_mock.engine.settings import Settings
from ovs_mock.handle.local import Ovs
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.runtime.clock import Clock
from ovs_mock.server.server import MockServer
from ovs_mock.server.tenant import ClockName
from ovs_mock.util.loop_thread import LoopThread


class BackgroundMock(Ovs):
    """A mock server on a thread of its own, and the handle on its first tenant.

    ``with BackgroundMock() as mock:`` starts and stops it.

    Args:
        settings: Settings of the first tenant. Defaults to ``Settings()``.
        clock: ``"real"`` is the machine's clock and cannot be moved; ``"running"`` runs with it and can be moved
            forward; ``"frozen"`` only moves when a test moves it. Or a clock object, to share one. Defaults to
            ``"running"``.
        host: Address to listen on. Defaults to loopback.
        port: Port to listen on. Defaults to 0, which takes a free one.
        public_url: Base URL that answers contain, for clients that reach the mock by another address than ``host``
            and ``port``. Defaults to the address by which the client called.
        mutant: A mutant, or the name of one: makes the mock deviate from the API on purpose, to test checks.
            Defaults to none.
    """

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

    def start(self) -> Self:
        """Start the thread and listen.

        Returns:
            The mock itself.

        Raises:
            OSError: The port cannot be listened on.
        """
        self._thread.start()
        try:
            self.run(self._server.start())
        except BaseException:
            self._thread.stop()
            raise
        return self

    def stop(self) -> None:
        """Close every connection and end the thread. Does nothing when it is not running."""
        if self._thread.running:
            self.run(self._server.stop())
            self._thread.stop()

    def open_tenant(self, settings: Settings | None = None, clock: Clock | ClockName = "running") -> Ovs:
        """Open another tenant on the same server: a mock with its own API key, clock, streams, model and journal.

        Takes about a third of a millisecond.

        Args:
            settings: Settings of the tenant. Defaults to ``Settings()``.
            clock: As for ``BackgroundMock``.

        Returns:
            The handle on the tenant. ``close_tenant`` closes it, and ``stop`` closes all.
        """
        tenant = self._thread.call(lambda: self._server.open_tenant(settings or Settings(), clock))
        return Ovs(self._thread, self._server, tenant)

    def close_tenant(self, ovs: Ovs) -> None:
        """Close a tenant: its sockets, its rooms and its streams.

        Args:
            ovs: What ``open_tenant`` returned.
        """
        self.run(self._server.close_tenant(ovs.tenant))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
