"""Answers that deviate."""

from collections.abc import Callable, Mapping
from typing import Any

from multidict import CIMultiDict

from ovs_mock.mutants.edits import Edit, edited
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import EditResponse, Override

Condition = Callable[[MutantRequest, MutantResponse], bool]
Routes = str | tuple[str, ...]
Statuses = int | tuple[int, ...] | None
ERRORS = tuple(range(400, 600))


def on(
    routes: Routes,
    statuses: Statuses,
    *edits: Edit,
    to: int | None = None,
    headers: Mapping[str, str | None] | None = None,
    when: Condition | None = None,
) -> EditResponse:
    """Changes of an answer to these routes that has one of these statuses (``None`` for any).

    ``to`` is another status, ``headers`` are set, or left out where they are ``None``; ``edits`` change the body.
    """
    wanted = (statuses,) if isinstance(statuses, int) else statuses

    def answer(asked: MutantRequest, reply: MutantResponse) -> None:
        if wanted is not None and reply.status not in wanted:
            return
        if not is_any(asked, routes) or (when is not None and not when(asked, reply)):
            return
        reply.status = to or reply.status
        for name, value in (headers or {}).items():
            _set_header(reply.headers, name, value)
        if reply.complete:
            reply.body = edited(reply.body, edits)

    return answer


def each(*answers: EditResponse) -> EditResponse:
    """All of these changes."""

    def answer(asked: MutantRequest, reply: MutantResponse) -> None:
        for one in answers:
            one(asked, reply)

    return answer


def instead(routes: Routes, status: int, body: Any, *, when: Callable[[MutantRequest], bool] | None = None) -> Override:
    """An answer of our own, without asking the mock."""

    def answer(asked: MutantRequest) -> MutantResponse | None:
        if not is_any(asked, routes) or (when is not None and not when(asked)):
            return None
        return MutantResponse(status, CIMultiDict(), body)

    return answer


def is_any(asked: MutantRequest, routes: Routes) -> bool:
    return any(asked.matches(route) for route in ((routes,) if isinstance(routes, str) else routes))


def is_owners(asked: MutantRequest) -> bool:
    """Whether the path names a stream of the caller's."""
    return asked.stream is not None and asked.account is not None and asked.owner_key is None


def is_foreign(asked: MutantRequest, _: MutantResponse | None = None) -> bool:
    """Whether the path names a stream of another user's."""
    return asked.owner_key is not None


def without_key(asked: MutantRequest, _: MutantResponse | None = None) -> bool:
    return asked.key is None


def _set_header(headers: CIMultiDict[str], name: str, value: str | None) -> None:
    headers.popall(name, None)
    if value is not None:
        headers[name] = value
