"""A TLS listener for interceptions, which forwards to the relay."""

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import urlsplit


class TlsProxy:
    """Decrypts on loopback and forwards bytes both ways. Used on the event loop of its thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 0)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def listens_tls(self) -> bool:
        return self._server is not None

    async def listen_tls(self, context: ssl.SSLContext) -> int:
        """Listen on a free port of loopback; returns the port."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", 0, ssl=context)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop_tls(self) -> None:
        """Stop listening and drop all connections."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.add(connection)
        try:
            relay_reader, relay_writer = await asyncio.open_connection(*self._address)
            # asyncio would log a connection that is dropped as a failure.
            with suppress(ConnectionError, asyncio.CancelledError):
                await asyncio.gather(_copy(reader, relay_writer), _copy(relay_reader, writer))
            relay_writer.transport.abort()
        finally:
            self._connections.discard(connection)
            writer.transport.abort()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()
