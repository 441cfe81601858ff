"""One route of the server, and the metadata that everything on a request's way goes by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from importlib import import_module
from typing import Any

from aiohttp import web

Handler = Callable[[Any], Awaitable[web.StreamResponse]]
"""Answers an ApiCall."""


class OperationKind(Enum):
    """What a client gets on a route."""

    CALL = auto()
    """One response."""
    CHAT = auto()
    """A chat completion, which may be streamed."""
    SOCKET = auto()
    """A WebSocket of results."""
    ROOM = auto()
    """LiveKit's signalling."""
    CONTROL = auto()
    """A control of the mock, which is not part of the API."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. ``path`` is below the version's prefix, or the host's root where there is no version."""

    method: str
    path: str
    handler: str
    """``module:function``, relative to ``ovs_mock``: imported with the first request."""
    kind: OperationKind = OperationKind.CALL

    def load(self) -> Handler:
        """Import the handler. The one place where handlers, and with them request schemas, are imported."""
        module, _, function = self.handler.partition(":")
        handler: Handler = getattr(import_module(f"ovs_mock.{module}"), function)
        return handler
