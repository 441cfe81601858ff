"""Apply a mutant to requests and responses, as the outermost middleware, so that it sees what a client sees."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from multidict import CIMultiDict

from ovs_mock.api.message_filter import MESSAGE_FILTER
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.runtime.runtime import Runtime

MUTANT_REQUEST = web.RequestKey("mutant_request", MutantRequest)


def install(app: web.Application, mutant: Mutant, runtime_of: Callable[[web.Request], Runtime], *, skip: str) -> None:
    """Install the hooks of a mutant that edits requests or responses, except those below the path ``skip``."""
    app.middlewares.insert(0, _middleware(mutant, runtime_of, skip=skip))
    app.on_response_prepare.append(_edit_streamed_headers(mutant))


def _middleware(mutant: Mutant, runtime_of: Callable[[web.Request], Runtime], *, skip: str) -> Middleware:
    memory: dict[str, Any] = {}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(skip):
            return await handler(request)
        mutant_request = MutantRequest(request, runtime_of(request), memory)
        request[MUTANT_REQUEST] = mutant_request
        if mutant.override and (edited := mutant.override(mutant_request)):
            return _to_response(edited)
        if mutant.message_filter and (message_filter := mutant.message_filter(mutant_request)):
            request[MESSAGE_FILTER] = message_filter
        response = await _call_handler(_edit_headers(mutant, mutant_request), handler)
        if not response.prepared and isinstance(response, web.Response):
            _edit_response(mutant, mutant_request, response)
        return response

    return middleware


def _edit_headers(mutant: Mutant, mutant_request: MutantRequest) -> web.Request:
    changes = mutant.headers(mutant_request) if mutant.headers else {}
    if not changes:
        return mutant_request.raw
    headers = CIMultiDict(mutant_request.raw.headers)
    for name, value in changes.items():
        headers.popall(name, None)
        if value is not None:
            headers[name] = value
    return mutant_request.raw.clone(headers=headers)


async def _call_handler(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, headers=error.headers, body=error.body)


def _edit_response(mutant: Mutant, mutant_request: MutantRequest, response: web.Response) -> None:
    """Let the mutant edit a complete response."""
    if mutant.response is None:
        return
    mutant_request.response_edited = True
    body = _json_body(response)
    edited = MutantResponse(response.status, response.headers, body)
    before = json.dumps(body)
    mutant.response(mutant_request, edited)
    if edited.status != response.status:
        response.set_status(edited.status)
    if json.dumps(edited.body) != before:
        _set_body(response, edited.body)


def _edit_streamed_headers(mutant: Mutant) -> Any:
    """Let the mutant edit the status and headers of a streamed response."""

    async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
        mutant_request = request.get(MUTANT_REQUEST)
        if mutant_request is None or mutant_request.response_edited or mutant.response is None:
            return
        mutant_request.response_edited = True
        mutant.response(mutant_request, MutantResponse(response.status, response.headers, complete=False))

    return on_prepare


def _to_response(edited: MutantResponse) -> web.Response:
    response = web.Response(status=edited.status, headers=edited.headers)
    _set_body(response, edited.body)
    return response


def _set_body(response: web.Response, body: Any) -> None:
    if body is None:
        response.body = None
        response.headers.popall("Content-Type", None)
    else:
        response.body = json.dumps(body).encode()
        response.content_type = "application/json"


def _json_body(response: web.Response) -> Any:
    raw = response.body
    return json.loads(raw) if response.content_type == "application/json" and isinstance(raw, bytes) and raw else None
