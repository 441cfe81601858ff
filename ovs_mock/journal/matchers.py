"""Which calls a test means, and how near others came."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ovs_mock.journal.entries import Request
from ovs_mock.journal.text import short

NEAREST = 3

Path = str | re.Pattern[str]
"""Of a call: text, in which ``*`` stands for anything, or a pattern that is searched for."""


@dataclass(frozen=True, slots=True)
class RequestMatcher:
    """Calls that meet all that is not ``None``."""

    method: str | None = None
    path: str | re.Pattern[str] | None = None
    status: int | None = None
    stream_id: str | None = None
    json: Any = None

    def __str__(self) -> str:
        path = self.path.pattern if isinstance(self.path, re.Pattern) else self.path
        what = [self.method or "any method", path or "any path"]
        what += [f"with {short(str(self.json))}"] if self.json is not None else []
        what += [f"answered {self.status}"] if self.status is not None else []
        return " ".join(what)

    def fits(self, request: Request) -> bool:
        return not self.unmet(request)

    def unmet(self, request: Request) -> list[str]:
        """What a call lacks, in words."""
        reasons = []
        if self.method is not None and request.method != self.method.upper():
            reasons.append(f"the method is {request.method}")
        if self.path is not None and not path_fits(self.path, request.path):
            reasons.append(f"the path is {request.path}")
        if self.status is not None and request.status != self.status:
            reasons.append(f"the status is {request.status}")
        if self.stream_id is not None and self.stream_id not in request.path:
            reasons.append("it is about another stream")
        if self.json is not None:
            reasons += unlike(self.json, request.json)
        return reasons


def differences(wanted: RequestMatcher, requests: list[Request]) -> list[str]:
    """The calls that came nearest, and why they are not meant."""
    judged = sorted(((wanted.unmet(request), request) for request in requests), key=lambda pair: len(pair[0]))
    return [f"{request}: {'; '.join(unmet)}" for unmet, request in judged[:NEAREST] if unmet]


def unlike(wanted: Any, seen: Any, where: str = "body") -> list[str]:
    """Where ``seen`` does not hold what is wanted. Objects may hold more; lists and plain values are equal."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        missing = [f"{where}.{name} is missing" for name in wanted if name not in seen]
        deeper = [unlike(value, seen[name], f"{where}.{name}") for name, value in wanted.items() if name in seen]
        return [*missing, *(line for lines in deeper for line in lines)]
    if isinstance(wanted, list) and isinstance(seen, list) and len(wanted) == len(seen):
        pairs = enumerate(zip(wanted, seen, strict=True))
        return [line for index, (one, other) in pairs for line in unlike(one, other, f"{where}[{index}]")]
    return [] if wanted == seen else [f"{where} is {short(repr(seen), 60)}, not {short(repr(wanted), 60)}"]


def path_fits(wanted: str | re.Pattern[str], path: str) -> bool:
    """Whether a path is meant. In text ``*`` stands for anything; a pattern is searched for."""
    if isinstance(wanted, re.Pattern):
        return wanted.search(path) is not None
    return fnmatchcase(path, wanted)
