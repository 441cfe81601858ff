"""Matchers: the calls, sockets, streams, accounts and models that a fault is about."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from aiohttp import web

from ovs_mock.api.call import CALL
from ovs_mock.api.versions import VERSIONS
from ovs_mock.faults.schedule import FaultError
from ovs_mock.model.question import Question
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
ANY = "*"


@dataclass(frozen=True)
class CallMatcher:
    """Calls by method and path; ``*`` in the path stands for anything."""

    method: str
    path: str
    version: str | None = None
    stream_id: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}{_version_suffix(self.version)}{_stream_suffix(self.stream_id)}"

    def matches(self, target: web.Request) -> bool:
        return (
            self.method in (ANY, target.method)
            and self._pattern.fullmatch(target.path) is not None
            and (self.version is None or _version_of(target) == self.version)
            and (self.stream_id is None or target.match_info.get("stream_id") == self.stream_id)
        )

    def describe(self, target: web.Request) -> str:
        return f"{target.method} {target.path}"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^}]*\}|\*)", self.path)
        return re.compile("".join({"{": "[^/]+", "*": ".*"}.get(part[:1], re.escape(part)) for part in parts))


@dataclass(frozen=True, slots=True)
class ChatMatcher:
    """Chat answers that are sent as server-sent events."""

    version: str | None = None

    def __str__(self) -> str:
        return f"streamed chats{_version_suffix(self.version)}"

    def matches(self, target: web.Request) -> bool:
        return self.version is None or _version_of(target) == self.version

    def describe(self, target: web.Request) -> str:
        return f"the answer to {target.method} {target.path}"


@dataclass(frozen=True, slots=True)
class StreamMatcher:
    """What belongs to one stream, or to any."""

    what: str
    stream_id: str | None = None

    def __str__(self) -> str:
        return f"{self.what}{_stream_suffix(self.stream_id)}"

    def matches(self, target: str) -> bool:
        return self.stream_id in (None, target)

    def describe(self, target: object) -> str:
        stream_id = target if isinstance(target, str) else getattr(target, "stream_id", "")
        return f"the {self.what.removesuffix('s')} of stream {stream_id}"


@dataclass(frozen=True, slots=True)
class ModelMatcher:
    """One model, or any."""

    model: str | None = None

    def __str__(self) -> str:
        return f"model {self.model}" if self.model else "any model"

    def matches(self, target: Question) -> bool:
        return self.model in (None, target.model)

    def describe(self, target: Question | tuple[str, ...]) -> str:
        if isinstance(target, Question):
            return f"a question to {target.model}"
        return target[0] if len(target) == 1 else f"{len(target)} models"


@dataclass(frozen=True, slots=True, repr=False)
class CreditMatcher:
    """The account of an API key. Texts leave the key out."""

    api_key: str

    def __str__(self) -> str:
        return "credits"

    def matches(self, target: str) -> bool:
        return target == self.api_key

    def describe(self, target: str) -> str:
        return "the account of a key"


def call_matcher(call: str, path: str | None, version: str | None, stream_id: str | None) -> CallMatcher:
    """Match ``("POST", "/v1/streams")``, ``("POST /v1/streams", None)`` or a path; raise FaultError for others."""
    method, route = _split(call) if path is None else (call, path)
    if method != ANY and method.upper() not in METHODS:
        near = get_close_matches(method.upper(), METHODS, n=1)
        raise FaultError(f"{method!r} is no method: expected {'*, ' if not near else ''}{', '.join(near or METHODS)}")
    if not route.startswith(("/", ANY)):
        raise FaultError(f"path {route!r}: expected one that begins with / or *, such as /v1/streams")
    return CallMatcher(method.upper(), route, check_version(version), stream_id)


def check_version(version: str | None) -> str | None:
    """Return the version, or raise FaultError when it is unknown."""
    if version is not None and version not in VERSIONS:
        raise FaultError(f"version {version!r}: expected {', '.join(VERSIONS)}")
    return version


def _version_of(request: web.Request) -> str | None:
    version = request[CALL].version
    return version.name if version else None


def _split(route: str) -> tuple[str, str]:
    method, space, path = route.strip().partition(" ")
    return (method, path.strip()) if space else (ANY, method)


def _version_suffix(version: str | None) -> str:
    return f" of {version}" if version else ""


def _stream_suffix(stream_id: str | None) -> str:
    return f" of stream {stream_id}" if stream_id else ""
