"""Where a drift meets requests and answers: outside of everything else, so that it sees what a client sees."""

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

# The controls are the mock's, not the API's.
APART = "/_mock"
ASKED = web.RequestKey("asked", MutantRequest)


def install(app: web.Application, drift: Mutant, runtime_of: Callable[[web.Request], Runtime]) -> None:
    """Let a drift see requests and answers."""
    app.middlewares.insert(0, _middleware(drift, runtime_of))
    app.on_response_prepare.append(_prepared(drift))


def _middleware(drift: Mutant, runtime_of: Callable[[web.Request], Runtime]) -> Middleware:
    memory: dict[str, Any] = {}

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(APART):
            return await handler(request)
        asked = MutantRequest(request, runtime_of(request), memory)
        request[ASKED] = asked
        if drift.instead and (reply := drift.instead(asked)):
            return _respond(reply)
        if drift.message_filter and (message_filter := drift.message_filter(asked)):
            request[MESSAGE_FILTER] = message_filter
        response = await _answered(_with_headers(drift, asked), handler)
        if not response.prepared and isinstance(response, web.Response):
            _change(drift, asked, response)
        return response

    return middleware


def _with_headers(drift: Mutant, asked: MutantRequest) -> web.Request:
    changes = drift.headers(asked) if drift.headers else {}
    if not changes:
        return asked.request
    headers = CIMultiDict(asked.request.headers)
    for name, value in changes.items():
        headers.popall(name, None)
        if value is not None:
            headers[name] = value
    return asked.request.clone(headers=headers)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, headers=error.headers, body=error.body)


def _change(drift: Mutant, asked: MutantRequest, response: web.Response) -> None:
    """Let the drift change a whole answer."""
    if drift.answer is None:
        return
    asked.answered = True
    said = _json(response)
    reply = MutantResponse(response.status, response.headers, said)
    before = json.dumps(said)
    drift.answer(asked, reply)
    if reply.status != response.status:
        response.set_status(reply.status)
    if json.dumps(reply.body) != before:
        _set_body(response, reply.body)


def _prepared(drift: Mutant) -> Any:
    """Let the drift change the headers of an answer that is sent piece by piece."""

    async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
        asked = request.get(ASKED)
        if asked is None or asked.answered or drift.answer is None:
            return
        asked.answered = True
        drift.answer(asked, MutantResponse(response.status, response.headers, whole=False))

    return on_prepare


def _respond(reply: MutantResponse) -> web.Response:
    response = web.Response(status=reply.status, headers=reply.headers)
    _set_body(response, reply.body)
    return response


def _set_body(response: web.Response, body: Any) -> None:
    if body is None:
        response.body = None
        response.headers.popall("Content-Type", None)
    else:
        response.body = json.dumps(body).encode()
        response.content_type = "application/json"


def _json(response: web.Response) -> Any:
    raw = response.body
    return json.loads(raw) if response.content_type == "application/json" and isinstance(raw, bytes) and raw else None
