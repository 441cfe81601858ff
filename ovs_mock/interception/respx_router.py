"""A router of respx that has the mock behind it: one's own routes first, and the mock for the rest of the API."""

from collections.abc import AsyncIterator, Iterable, Iterator

import httpx
from respx import MockRouter
from respx.models import AllMockedAssertionError, PassThrough

from ovs_mock.interception.hosts import normal


class OvsRouter(MockRouter):
    """What no route of one's own takes goes on to the mock, when it is for one of the ``hosts``.

    Answers are handed on as they come: events of a stream arrive one by one.
    """

    def __init__(self, origin: str, hosts: Iterable[str], *, assert_all_called: bool = True) -> None:
        super().__init__(assert_all_called=assert_all_called)
        self._origin = httpx.URL(origin)
        self._hosts = frozenset(normal(host) for host in hosts)

    def handler(self, request: httpx.Request) -> httpx.Response:
        self._let_pass(request)
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            if normal(request.url.host) not in self._hosts:
                raise
        transport = httpx.HTTPTransport()
        answer = transport.handle_request(self._moved(request))
        assert isinstance(answer.stream, httpx.SyncByteStream)
        answer.stream = _Stream(answer.stream, transport)
        self.record(request, response=answer)
        return answer

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        self._let_pass(request)
        try:
            return await super().async_handler(request)
        except AllMockedAssertionError:
            if normal(request.url.host) not in self._hosts:
                raise
        transport = httpx.AsyncHTTPTransport()
        answer = await transport.handle_async_request(self._moved(request))
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        answer.stream = _AsyncStream(answer.stream, transport)
        self.record(request, response=answer)
        return answer

    def _let_pass(self, request: httpx.Request) -> None:
        """Our own calls to the mock come by here again, as respx takes the place of httpx's connections."""
        if request.url.netloc == self._origin.netloc:
            raise PassThrough("for the mock itself", request=request, origin=None)  # type: ignore[arg-type]

    def _moved(self, request: httpx.Request) -> httpx.Request:
        url = self._origin.copy_with(raw_path=request.url.raw_path)
        # The mock hands out the address by which it was called.
        headers = [(k, v) for k, v in request.headers.raw if k.lower() != b"host"]
        headers.append((b"Host", self._origin.netloc))
        return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, transport: httpx.HTTPTransport) -> None:
        self._stream = stream
        self._transport = transport

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()
        self._transport.close()


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, transport: httpx.AsyncHTTPTransport) -> None:
        self._stream = stream
        self._transport = transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._transport.aclose()
