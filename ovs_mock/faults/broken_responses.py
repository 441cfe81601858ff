"""Answers that do not get through as they should."""

import socket
import struct

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

# With this a socket is closed by a reset: no waiting, and what is not sent is lost.
LINGER = struct.pack("ii", 1, 0)


class _Broken(web.Response):
    """Carries the answer that would have been, so that a journal can show it."""

    @classmethod
    def of(cls, answer: web.Response) -> "_Broken":
        return cls(status=answer.status, headers=answer.headers.copy(), body=answer.body)


class LostResponse(_Broken):
    """The connection is reset instead."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        reset(request)
        raise ConnectionResetError("a fault of the test resets the connection")


class TruncatedResponse(_Broken):
    """The connection ends in the middle of the body, although all of it was promised."""

    _cut: web.BaseRequest | None = None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        self._cut = request
        return await super().prepare(request)

    async def write_eof(self, data: bytes = b"") -> None:
        body = self.body if isinstance(self.body, bytes) else b""
        await self.write(body[: len(body) // 2])
        assert self._cut is not None, "it is prepared before it is written"
        if self._cut.transport:
            self._cut.transport.close()
        raise ConnectionResetError("a fault of the test ends the body")


def reset(request: web.BaseRequest) -> None:
    """End the connection as a server does that crashes."""
    transport = request.transport
    if transport is None:
        return
    if raw := transport.get_extra_info("socket"):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    transport.abort()
