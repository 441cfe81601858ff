"""A way in with TLS, for interceptions: what comes that way goes on to the relay as it is."""

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import urlsplit


class TlsProxy:
    """Decrypts on loopback, and carries bytes to and fro. Used on the loop of its thread."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        self._address = (at.hostname or "", at.port or 0)
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    @property
    def listens_tls(self) -> bool:
        return self._server is not None

    async def listen_tls(self, context: ssl.SSLContext) -> int:
        """Listen on a free port of loopback; the port."""
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", 0, ssl=context)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop_tls(self) -> None:
        """Stop, and drop those who are connected."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        assert visit is not None
        self._visits.add(visit)
        try:
            further, back = await asyncio.open_connection(*self._address)
            # Those who are dropped are no failure, which a server would log.
            with suppress(ConnectionError, asyncio.CancelledError):
                await asyncio.gather(_carry(reader, back), _carry(further, writer))
            back.transport.abort()
        finally:
            self._visits.discard(visit)
            writer.transport.abort()


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()
