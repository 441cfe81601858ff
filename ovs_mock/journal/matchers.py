"""Matches HTTP calls, and explains how the nearest others differ."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ovs_mock.journal.entries import Request
from ovs_mock.journal.text import shorten

MAX_NEAREST = 3

Path = str | re.Pattern[str]
"""The path of a call: text, in which ``*`` stands for anything, or a pattern that is searched for."""


@dataclass(frozen=True, slots=True)
class RequestMatcher:
    """Calls that match all fields that are not ``None``."""

    method: str | None = None
    path: str | re.Pattern[str] | None = None
    status: int | None = None
    stream_id: str | None = None
    json: Any = None

    def __str__(self) -> str:
        path = self.path.pattern if isinstance(self.path, re.Pattern) else self.path
        what = [self.method or "any method", path or "any path"]
        what += [f"with {shorten(str(self.json))}"] if self.json is not None else []
        what += [f"answered {self.status}"] if self.status is not None else []
        return " ".join(what)

    def matches(self, request: Request) -> bool:
        return not self.mismatches(request)

    def mismatches(self, request: Request) -> list[str]:
        """Return in which points a call differs, as text."""
        reasons = []
        if self.method is not None and request.method != self.method.upper():
            reasons.append(f"the method is {request.method}")
        if self.path is not None and not path_matches(self.path, request.path):
            reasons.append(f"the path is {request.path}")
        if self.status is not None and request.status != self.status:
            reasons.append(f"the status is {request.status}")
        if self.stream_id is not None and self.stream_id not in request.path:
            reasons.append("it is about another stream")
        if self.json is not None:
            reasons += json_mismatches(self.json, request.json)
        return reasons


def nearest(matcher: RequestMatcher, requests: list[Request]) -> list[str]:
    """Return the nearest calls, and how they differ, as text."""
    ranked = sorted(((matcher.mismatches(request), request) for request in requests), key=lambda pair: len(pair[0]))
    return [f"{request}: {'; '.join(unmet)}" for unmet, request in ranked[:MAX_NEAREST] if unmet]


def json_mismatches(expected: Any, actual: Any, where: str = "body") -> list[str]:
    """Return where ``actual`` differs. Objects may have more members; lists and plain values have to be equal."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        missing = [f"{where}.{name} is missing" for name in expected if name not in actual]
        common = [name for name in expected if name in actual]
        deeper = [json_mismatches(expected[name], actual[name], f"{where}.{name}") for name in common]
        return [*missing, *(line for lines in deeper for line in lines)]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [line for index, (one, other) in pairs for line in json_mismatches(one, other, f"{where}[{index}]")]
    return [] if expected == actual else [f"{where} is {shorten(repr(actual), 60)}, not {shorten(repr(expected), 60)}"]


def path_matches(pattern: str | re.Pattern[str], path: str) -> bool:
    """Whether a path matches. In text ``*`` stands for anything; a pattern is searched for."""
    if isinstance(pattern, re.Pattern):
        return pattern.search(path) is not None
    return fnmatchcase(path, pattern)
