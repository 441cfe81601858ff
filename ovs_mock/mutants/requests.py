"""Requests that are understood otherwise than they should be."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ovs_mock.api.errors import problem
from ovs_mock.api.message_filter import MessageFilter
from ovs_mock.mutants.answers import Routes, is_any
from ovs_mock.mutants.edits import Edit, edited
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.mutant import EditHeaders, MakeFilter


class _Reader(MessageFilter):
    """Changes bodies that are JSON objects; whatever else there is arrives as it was sent."""

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
    """Bodies that are changed before the mock sees them."""
    return lambda asked: _Reader(lambda value: edited(value, edits)) if is_any(asked, routes) else None


def refused(routes: Routes, *loc: str | int, when: Callable[[Any], bool], why: str = "Value error") -> MakeFilter:
    """Bodies that fail validation, though nothing is wrong with them; ``when`` says which."""

    def refuse(value: Any) -> Any:
        if when(value):
            raise problem(loc, why)
        return value

    return bodies(routes, refuse)


def headers(
    routes: Routes, changes: Mapping[str, str | None], *, when: Callable[[MutantRequest], bool] | None = None
) -> EditHeaders:
    """Headers that arrive otherwise than they were sent."""
    return lambda asked: changes if is_any(asked, routes) and (when is None or when(asked)) else {}


def as_owner(routes: Routes) -> EditHeaders:
    """Whoever names a stream is taken for its owner."""

    def changed(asked: MutantRequest) -> Mapping[str, str | None]:
        owner = asked.owner_key if is_any(asked, routes) else None
        return {} if owner is None else {"Authorization": f"Bearer {owner}"}

    return changed
