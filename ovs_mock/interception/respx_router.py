"""A router of respx that forwards calls to the mock: the user's own routes first, the mock for the rest of the API."""

from collections.abc import AsyncIterator, Iterable, Iterator

import httpx
from respx import MockRouter
from respx.models import AllMockedAssertionError, PassThrough

from ovs_mock.interception.hosts import normalize_host


class OvsRouter(MockRouter):
    """A ``respx.MockRouter`` that forwards what none of its routes matches to a mock.

    Answers are not buffered: events of a stream arrive one by one.

    Args:
        origin: Scheme, host and port of the mock.
        hosts: Names of the hosts whose calls are forwarded; other calls that no route matches fail, as in respx.
        assert_all_called: Whether leaving the router fails when a route was never called. Defaults to True.
    """

    def __init__(self, origin: str, hosts: Iterable[str], *, assert_all_called: bool = True) -> None:
        super().__init__(assert_all_called=assert_all_called)
        self._origin = httpx.URL(origin)
        self._hosts = frozenset(normalize_host(host) for host in hosts)

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a call of a synchronous client; respx calls this."""
        self._pass_through_own(request)
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            if normalize_host(request.url.host) not in self._hosts:
                raise
        transport = httpx.HTTPTransport()
        response = transport.handle_request(self._forwarded(request))
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Stream(response.stream, transport)
        self.record(request, response=response)
        return response

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a call of an asynchronous client; respx calls this."""
        self._pass_through_own(request)
        try:
            return await super().async_handler(request)
        except AllMockedAssertionError:
            if normalize_host(request.url.host) not in self._hosts:
                raise
        transport = httpx.AsyncHTTPTransport()
        response = await transport.handle_async_request(self._forwarded(request))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _AsyncStream(response.stream, transport)
        self.record(request, response=response)
        return response

    def _pass_through_own(self, request: httpx.Request) -> None:
        """Our own calls to the mock come here too, because respx replaces the transport of httpx."""
        if request.url.netloc == self._origin.netloc:
            raise PassThrough("for the mock itself", request=request, origin=None)  # type: ignore[arg-type]

    def _forwarded(self, request: httpx.Request) -> httpx.Request:
        url = self._origin.copy_with(raw_path=request.url.raw_path)
        # The mock puts the address by which it was called into its answers.
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
