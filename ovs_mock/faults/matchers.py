"""What a fault is about: calls, sockets, streams, accounts, models."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from aiohttp import web

from ovs_mock.faults.api_errors import prefix_of
from ovs_mock.faults.schedule import FaultError
from ovs_mock.model.question import Question
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
VERSIONS = ("v0.2", "v1", "v1beta")
ANY = "*"


@dataclass(frozen=True)
class CallMatcher:
    """Calls of a method and path; in the path ``*`` is anything."""

    method: str
    path: str
    version: str | None = None
    stream_id: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}{_of_version(self.version)}{_of_stream(self.stream_id)}"

    def meets(self, target: web.Request) -> bool:
        return (
            self.method in (ANY, target.method)
            and self._pattern.fullmatch(target.path) is not None
            and (self.version is None or prefix_of(target.path) == self.version)
            and (self.stream_id is None or target.match_info.get("stream_id") == self.stream_id)
        )

    def named(self, target: web.Request) -> str:
        return f"{target.method} {target.path}"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^}]*\}|\*)", self.path)
        return re.compile("".join({"{": "[^/]+", "*": ".*"}.get(part[:1], re.escape(part)) for part in parts))


@dataclass(frozen=True, slots=True)
class ChatMatcher:
    """Answers of chats that are sent as server-sent events."""

    version: str | None = None

    def __str__(self) -> str:
        return f"streamed chats{_of_version(self.version)}"

    def meets(self, target: web.Request) -> bool:
        return self.version is None or prefix_of(target.path) == self.version

    def named(self, target: web.Request) -> str:
        return f"the answer to {target.method} {target.path}"


@dataclass(frozen=True, slots=True)
class StreamMatcher:
    """What belongs to a stream, or to any."""

    what: str
    stream_id: str | None = None

    def __str__(self) -> str:
        return f"{self.what}{_of_stream(self.stream_id)}"

    def meets(self, target: str) -> bool:
        return self.stream_id in (None, target)

    def named(self, target: object) -> str:
        stream_id = target if isinstance(target, str) else getattr(target, "stream_id", "")
        return f"the {self.what.removesuffix('s')} of stream {stream_id}"


@dataclass(frozen=True, slots=True)
class ModelMatcher:
    """A model, or any."""

    model: str | None = None

    def __str__(self) -> str:
        return f"model {self.model}" if self.model else "any model"

    def meets(self, target: Question) -> bool:
        return self.model in (None, target.model)

    def named(self, target: Question | tuple[str, ...]) -> str:
        if isinstance(target, Question):
            return f"a question to {target.model}"
        return target[0] if len(target) == 1 else f"{len(target)} models"


@dataclass(frozen=True, slots=True, repr=False)
class CreditMatcher:
    """The account of a key. The key is not shown."""

    api_key: str

    def __str__(self) -> str:
        return "credits"

    def meets(self, target: str) -> bool:
        return target == self.api_key

    def named(self, target: str) -> str:
        return "the account of a key"


def calls(first: str, path: str | None, version: str | None, stream_id: str | None) -> CallMatcher:
    """``("POST", "/v1/streams")``, ``("POST /v1/streams", None)`` or a path alone; FaultError for what is neither."""
    method, route = _split(first) if path is None else (first, path)
    if method != ANY and method.upper() not in METHODS:
        near = get_close_matches(method.upper(), METHODS, n=1)
        raise FaultError(f"{method!r} is no method: expected {'*, ' if not near else ''}{', '.join(near or METHODS)}")
    if not route.startswith(("/", ANY)):
        raise FaultError(f"path {route!r}: expected one that begins with / or *, such as /v1/streams")
    return CallMatcher(method.upper(), route, known_version(version), stream_id)


def known_version(version: str | None) -> str | None:
    if version is not None and version not in VERSIONS:
        raise FaultError(f"version {version!r}: expected {', '.join(VERSIONS)}")
    return version


def _split(route: str) -> tuple[str, str]:
    method, space, path = route.strip().partition(" ")
    return (method, path.strip()) if space else (ANY, method)


def _of_version(version: str | None) -> str:
    return f" of {version}" if version else ""


def _of_stream(stream_id: str | None) -> str:
    return f" of stream {stream_id}" if stream_id else ""
