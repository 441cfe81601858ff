"""Responses that break the connection."""

import socket
import struct

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

# A socket with this option is closed by a reset; unsent data is lost.
LINGER = struct.pack("ii", 1, 0)


class _Broken(web.Response):
    """Keeps the response that would have been sent, so that the journal can show it."""

    @classmethod
    def from_response(cls, response: web.Response) -> "_Broken":
        return cls(status=response.status, headers=response.headers.copy(), body=response.body)


class LostResponse(_Broken):
    """Resets the connection."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        reset(request)
        raise ConnectionResetError("a fault of the test resets the connection")


class TruncatedResponse(_Broken):
    """Closes the connection in the middle of the body, though Content-Length is that of all of it."""

    _request: web.BaseRequest | None = None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        self._request = request
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        body = self.body if isinstance(self.body, bytes) else b""
        await self.write(body[: len(body) // 2])
        assert self._request is not None, "prepare() is called before write_eof()"
        if self._request.transport:
            self._request.transport.close()
        raise ConnectionResetError("a fault of the test ends the body")


def reset(request: web.BaseRequest) -> None:
    """Reset the connection, as when a server crashes."""
    transport = request.transport
    if transport is None:
        return
    if raw := transport.get_extra_info("socket"):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    transport.abort()
