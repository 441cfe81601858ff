"""Calls over HTTP."""

import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from ovs_contracts.transport.exchange import Call, Exchange
from ovs_contracts.transport.observer import CallObserver
from ovs_contracts.transport.realtime import stopwatch

ABSENT: Any = object()


class HttpClient:
    """Calls one origin. Redirects are not followed, and nothing is tried twice: a check sees what the target says."""

    def __init__(
        self,
        origin: str,
        observers: Sequence[CallObserver] = (),
        *,
        verify: ssl.SSLContext | bool = True,
        timeout: float = 30,
    ) -> None:
        self.origin = origin
        self.observers = list(observers)
        self._client = httpx.Client(verify=verify, timeout=timeout, trust_env=False)

    def __call__(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        body: Any = ABSENT,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Call ``path``, from the origin's root. ``body`` is sent as JSON, ``content`` as it is."""
        request = self._client.build_request(method, self.origin + path, headers=_headers(key, body, headers))
        if body is not ABSENT or content is not None:
            raw = json.dumps(body).encode() if content is None else content
            request = self._client.build_request(
                method, self.origin + path, headers=_headers(key, body, headers), content=raw
            )
        return self._send(request, path)

    def close(self) -> None:
        self._client.close()

    def _send(self, request: httpx.Request, path: str) -> Exchange:
        call = Call(
            method=request.method,
            url=str(request.url),
            path=path,
            headers=dict(request.headers),
            body=request.content,
        )
        for observer in self.observers:
            observer.before(call)
        started = stopwatch()
        response = self._client.send(request)
        exchange = Exchange(
            call=call,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=response.content,
            seconds=stopwatch() - started,
        )
        for observer in self.observers:
            observer.after(exchange)
        return exchange


def _headers(key: str | None, body: Any, headers: Mapping[str, str] | None) -> dict[str, str]:
    own = {} if key is None else {"Authorization": f"Bearer {key}"}
    if body is not ABSENT:
        own["Content-Type"] = "application/json"
    return {**own, **(headers or {})}
