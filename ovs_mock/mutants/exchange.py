"""A request and its response, as a mutant's hooks see them."""

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
    """``memory`` belongs to the mutant, and lives as long as the mock."""

    raw: web.Request
    runtime: Runtime
    memory: dict[str, Any]
    response_edited: bool = field(default=False, init=False)
    """Whether the response hook has run."""

    def matches(self, route: str) -> bool:
        """Whether the request is of a route such as ``POST /v1/streams/{id}/keepalive``; ``*`` is anything."""
        return _pattern(route).fullmatch(f"{self.raw.method} {self.raw.path}") is not None

    @property
    def key(self) -> str | None:
        return bearer_key(self.raw.headers.get("Authorization"))

    @property
    def account(self) -> Account | None:
        """The caller's account; ``None`` when the key is missing or unknown."""
        try:
            return self.state.accounts.authenticate(self.key)
        except CommandRejectedError:
            return None

    @property
    def state(self) -> EngineState:
        return self.runtime.state

    @property
    def stream_id(self) -> str:
        return self.raw.match_info.get("stream_id", "")

    @property
    def stream(self) -> Stream | None:
        """The stream that the path names."""
        return self.state.streams.get(self.stream_id)

    @property
    def owner_key(self) -> str | None:
        """The key of the stream's owner when that is another user than the caller, else ``None``."""
        stream, account = self.stream, self.account
        if stream is None or account is None or self.state.account_of(stream) is account:
            return None
        return stream.key


@dataclass(slots=True)
class MutantResponse:
    """A response before it is sent. ``body`` is parsed JSON; ``None`` when there is no body or it is not JSON."""

    status: int
    headers: CIMultiDict[str]
    body: Any = None
    complete: bool = True
    """Whether the body can be edited; that of a streamed response cannot."""


@lru_cache
def _pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\}|\*)", route)
    return re.compile("".join({"{": "[^/]+", "*": ".*"}.get(part[:1], re.escape(part)) for part in parts))
