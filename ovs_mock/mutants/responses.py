"""Hooks that edit responses, or respond without calling the mock."""

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
    """Edit responses of these routes that have one of these statuses (``None`` for any).

    ``edits`` change the body, ``to`` is the new status, ``headers`` are set, or removed where they are ``None``.
    """
    wanted = (statuses,) if isinstance(statuses, int) else statuses

    def edit(request: MutantRequest, response: MutantResponse) -> None:
        if wanted is not None and response.status not in wanted:
            return
        if not matches_any(request, routes) or (when is not None and not when(request, response)):
            return
        response.status = to or response.status
        for name, value in (headers or {}).items():
            _set_header(response.headers, name, value)
        if response.complete:
            response.body = edited(response.body, edits)

    return edit


def respond(routes: Routes, status: int, body: Any, *, when: Callable[[MutantRequest], bool] | None = None) -> Override:
    """Respond without calling the mock's handler."""

    def edit(request: MutantRequest) -> MutantResponse | None:
        if not matches_any(request, routes) or (when is not None and not when(request)):
            return None
        return MutantResponse(status, CIMultiDict(), body)

    return edit


def matches_any(request: MutantRequest, routes: Routes) -> bool:
    return any(request.matches(route) for route in ((routes,) if isinstance(routes, str) else routes))


def is_own(request: MutantRequest) -> bool:
    """Whether the path names a stream of the caller."""
    return request.stream is not None and request.account is not None and request.owner_key is None


def is_foreign(request: MutantRequest, _: MutantResponse | None = None) -> bool:
    """Whether the path names a stream of another user."""
    return request.owner_key is not None


def without_key(request: MutantRequest, _: MutantResponse | None = None) -> bool:
    return request.key is None


def _set_header(headers: CIMultiDict[str], name: str, value: str | None) -> None:
    headers.popall(name, None)
    if value is not None:
        headers[name] = value
