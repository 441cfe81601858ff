"""What each API version fixes: its durations, limits, error table and names, read from its OpenAPI document.

``x-version`` of a document holds these facts. A further document in the folder is a further version, for which every
check runs that is parametrised by versions.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from ovs_contracts.documents import names, source

STREAM_ID = r"[0-9a-fA-F-]{36}"


@dataclass(frozen=True, kw_only=True)
class ContractVersion:
    """The facts of one version. Fields that only one kind of version has default to "none", durations to 0."""

    name: str
    kind: Literal["results", "chat"]
    """``results``: the server pushes inference results; ``chat``: clients ask about frames. Ids are shared per kind."""
    stream_id_field: str
    """The field of a created stream that holds its id."""
    status_path: str
    """What follows ``/streams/{id}`` in the path of a stream's status: empty, or ``/info``."""
    lease_seconds: int
    retention_seconds: int
    """How long an ended stream is still shown."""
    error_form: Literal["flat", "plain", "typed"]
    """``{"error", "message", …}``; ``{"detail": text}``; or, in chats, ``{"detail": {"error": {type, code, …}}}``."""
    idle_seconds: int = 0
    """After how long without frames a stream is idle."""
    cents_per_stream_minute: float = 0
    max_streams: int = 0
    """How many streams a key may run at a time."""
    spectator_seconds: int = 0
    """How long a token to watch is valid; 0 in versions without such tokens."""
    frame_buffer_seconds: int = 0
    """How long frames stay available to references."""
    error_statuses: Mapping[str, int] = field(default_factory=dict)
    """The status of each error of a chat, by its code; versions without codes have the statuses too."""
    clamps_evicted_indices: bool = False
    """Whether the index of an evicted frame means the oldest retained one."""
    stream_time_before_frames: int | None = None
    ended_streams_expire: bool = True
    """Whether ``expires_at_ms`` is kept once the stream has ended."""
    model_statuses: Mapping[str, str | None] = field(default_factory=dict)
    """How each status of a model is listed; ``None`` when such a model is left out."""
    regions: tuple[str, ...] = ()
    """The regions that ``X-Overshoot-Region`` may name; empty in versions without regions."""
    features: frozenset[str] = frozenset()
    """Further parts: ``sources``, ``rate_limit``, ``other_providers``."""

    @property
    def prefix(self) -> str:
        """What every path of the version begins with: ``/v1``."""
        return f"/{self.name}"

    def status_of(self, stream_id: str) -> str:
        """The path of a stream's status."""
        return f"{self.prefix}/streams/{stream_id}{self.status_path}"


@dataclass(frozen=True, slots=True)
class StreamPath:
    """A path below ``/streams`` of a version: of all streams when ``stream_id`` is None, else of one."""

    version: ContractVersion
    stream_id: str | None
    action: str
    """What follows the id: ``keepalive``, ``info``, or nothing."""


@cache
def versions() -> dict[str, ContractVersion]:
    """Every version that a document describes, by name."""
    facts = {name: source(f"openapi/{name}.yaml").get("x-version") for name in names()}
    return {name: _version(name, **known) for name, known in facts.items() if known}


def version(name: str) -> ContractVersion:
    return versions()[name]


def chat_versions() -> list[ContractVersion]:
    """The versions whose clients ask about frames."""
    return [each for each in versions().values() if each.kind == "chat"]


def stream_path(path: str) -> StreamPath | None:
    """What a path means; ``None`` unless it leads to streams. A query is ignored."""
    found = _pattern().fullmatch(path.partition("?")[0])
    if found is None:
        return None
    return StreamPath(version(found["version"]), found["id"], found["action"] or "")


@cache
def _pattern() -> re.Pattern[str]:
    known = "|".join(map(re.escape, versions()))
    return re.compile(rf"/(?P<version>{known})/streams(?:/?|/(?P<id>{STREAM_ID})(?:/(?P<action>.+))?)")


def _version(name: str, *, features: Iterable[str] = (), regions: Iterable[str] = (), **facts: Any) -> ContractVersion:
    return ContractVersion(name=name, features=frozenset(features), regions=tuple(regions), **facts)
