"""Hooks that edit requests before the mock reads them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ovs_mock.api.errors import problem
from ovs_mock.api.message_filter import MessageFilter
from ovs_mock.mutants.edits import Edit, edited
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.mutant import EditHeaders, MakeFilter
from ovs_mock.mutants.responses import Routes, matches_any


class _Reader(MessageFilter):
    """Edits bodies that are JSON objects, and leaves others alone."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit

    def on_receive(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return body
        if not isinstance(value, dict):
            return body
        before = json.dumps(value)
        after = json.dumps(self._edit(value))
        return body if after == before else after.encode()


def bodies(routes: Routes, *edits: Edit) -> MakeFilter:
    """Edit request bodies."""
    return lambda request: _Reader(lambda value: edited(value, edits)) if matches_any(request, routes) else None


def refused(routes: Routes, *loc: str | int, when: Callable[[Any], bool], why: str = "Value error") -> MakeFilter:
    """Let valid bodies for which ``when`` holds fail validation."""

    def refuse(value: Any) -> Any:
        if when(value):
            raise problem(loc, why)
        return value

    return bodies(routes, refuse)


def headers(
    routes: Routes, changes: Mapping[str, str | None], *, when: Callable[[MutantRequest], bool] | None = None
) -> EditHeaders:
    """Replace request headers, or remove those that are ``None``."""
    return lambda request: changes if matches_any(request, routes) and (when is None or when(request)) else {}


def as_owner(routes: Routes) -> EditHeaders:
    """Take any caller who names a stream for its owner."""

    def changed(request: MutantRequest) -> Mapping[str, str | None]:
        owner = request.owner_key if matches_any(request, routes) else None
        return {} if owner is None else {"Authorization": f"Bearer {owner}"}

    return changed
