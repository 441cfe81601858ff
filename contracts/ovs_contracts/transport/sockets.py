"""Result sockets of v0.2."""

import json
import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from ovs_contracts.transport.exchange import Deviation
from ovs_contracts.transport.realtime import stopwatch


class SocketObserver(Protocol):
    """Sees every socket of this process: when it is opened, what is said on it, what is read of it, and its end."""

    def opened(self, socket: "ResultSocketClient") -> None: ...

    def sent(self, socket: "ResultSocketClient", message: str | bytes) -> None: ...

    def received(self, socket: "ResultSocketClient", message: str | bytes) -> None: ...

    def closed(self, socket: "ResultSocketClient") -> None: ...


OBSERVERS: list[SocketObserver] = []


class ResultSocketClient:
    """A WebSocket to a stream's results. It says nothing by itself: a check sends the key, or something else."""

    def __init__(
        self,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10,
    ) -> None:
        self.url = url
        self._timeout = timeout
        # Without a limit: a ping is answered behind all that was sent before, which nobody may have read yet.
        connecting = connect(
            url,
            ssl=tls,
            additional_headers=headers,
            max_queue=None,
            open_timeout=timeout,
            close_timeout=timeout,
            proxy=None,
        )
        self._open = ExitStack()
        self._ws = self._open.enter_context(connecting)
        self._open.callback(self._notify_closed)
        for observer in OBSERVERS:
            observer.opened(self)

    def send(self, message: str | bytes) -> None:
        for observer in OBSERVERS:
            observer.sent(self, message)
        self._ws.send(message)

    def authenticate(self, key: str) -> None:
        """Send the first message that a client sends."""
        self.send(json.dumps({"api_key": key}))

    def receive(self, timeout: float | None = None) -> Any:
        """The next message, as JSON. A Deviation when none comes in time, or the socket closes instead."""
        try:
            return _json(self._read(self._timeout if timeout is None else timeout))
        except TimeoutError:
            raise Deviation("a result comes", expected="a message", seen="silence") from None
        except ConnectionClosed:
            raise Deviation("a result comes", expected="a message", seen=f"close {self.close_frame()}") from None

    def receive_available(self) -> list[Any]:
        """Every message that the target has sent until now."""
        return [_json(message) for message in self._receive_available()]

    def wait_closed(self, timeout: float | None = None) -> tuple[int, str]:
        """The code and reason of the target's close frame, skipping messages before it; a Deviation when none comes."""
        self.receive_until_closed(timeout)
        return self.close_frame()

    def receive_until_closed(self, timeout: float | None = None) -> list[Any]:
        """Every message until the target closes the socket; a Deviation when it does not."""
        messages: list[str | bytes] = []
        try:
            while True:
                messages.append(self._read(self._timeout if timeout is None else timeout))
        except TimeoutError:
            raise Deviation("the socket is closed", expected="a close frame", seen="an open socket") from None
        except ConnectionClosed:
            return [_json(message) for message in messages]

    def ping(self, timeout: float | None = None) -> bool:
        """Whether a ping is answered in time; a closed socket answers none."""
        until = stopwatch() + (self._timeout if timeout is None else timeout)
        try:
            answered = self._ws.ping()
        except ConnectionClosed:
            return False
        # In short waits: who closes the socket may never answer.
        while not answered.wait(0.02):
            if self._ws.close_code is not None or stopwatch() > until:
                return False
        return True

    def close_frame(self) -> tuple[int, str]:
        """What the close frame said; 1006 when there was none."""
        return self._ws.close_code or 1006, self._ws.close_reason or ""

    def close(self) -> None:
        self._open.close()

    def __enter__(self) -> "ResultSocketClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _read(self, timeout: float) -> str | bytes:
        message = self._ws.recv(timeout=timeout)
        for observer in OBSERVERS:
            observer.received(self, message)
        return message

    def _notify_closed(self) -> None:
        for observer in OBSERVERS:
            observer.closed(self)

    def _receive_available(self) -> list[str | bytes]:
        messages: list[str | bytes] = []
        try:
            # The answer to a ping comes behind everything that was sent before it.
            self.ping()
            while True:
                messages.append(self._read(0))
        except (TimeoutError, ConnectionClosed):
            return messages


def _json(message: str | bytes) -> Any:
    if not isinstance(message, str):
        raise Deviation("results are text", expected="a text message", seen=f"{len(message)} bytes")
    try:
        return json.loads(message)
    except ValueError:
        raise Deviation("results are JSON", expected="JSON", seen=message[:200]) from None
