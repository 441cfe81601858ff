"""A request and its answer, as a drift sees them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from ovs_mock.api.auth import bearer_key
from ovs_mock.engine.accounts import Account
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.engine.state import EngineState
from ovs_mock.engine.stream import Stream
from ovs_mock.runtime.runtime import Runtime


@dataclass(slots=True)
class MutantRequest:
    """``memory`` is the drift's own, and lives as long as the mock."""

    request: web.Request
    runtime: Runtime
    memory: dict[str, Any]
    answered: bool = field(default=False, init=False)
    """Whether the drift has seen the answer."""

    def matches(self, route: str) -> bool:
        """Whether the request is of a route such as ``POST /v1/streams/{id}/keepalive``; ``*`` is anything."""
        return _pattern(route).fullmatch(f"{self.request.method} {self.request.path}") is not None

    @property
    def key(self) -> str | None:
        return bearer_key(self.request.headers.get("Authorization"))

    @property
    def account(self) -> Account | None:
        """Who asks; ``None`` for nobody that is known."""
        try:
            return self.world.accounts.authenticate(self.key)
        except CommandRejectedError:
            return None

    @property
    def world(self) -> EngineState:
        return self.runtime.engine.state

    @property
    def stream_id(self) -> str:
        return self.request.match_info.get("stream_id", "")

    @property
    def stream(self) -> Stream | None:
        """The stream that the path names."""
        return self.world.streams.get(self.stream_id)

    @property
    def owner_key(self) -> str | None:
        """The key of whose stream the path names, when that is another user than the caller."""
        stream, account = self.stream, self.account
        if stream is None or account is None or self.world.account_of(stream) is account:
            return None
        return stream.key


@dataclass(slots=True)
class MutantResponse:
    """An answer on its way out. ``body`` is JSON; ``None`` when there is none, or when it is something else."""

    status: int
    headers: CIMultiDict[str]
    body: Any = None
    whole: bool = True
    """Whether the body is here to be changed; that of a streamed answer is not."""


@lru_cache
def _pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\}|\*)", route)
    return re.compile("".join({"{": "[^/]+", "*": ".*"}.get(part[:1], re.escape(part)) for part in parts))
