"""What an endpoint of the controls is: something that answers with JSON, or says what is wrong."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel

from ovs_mock.server.controls.schemas import InvalidControlBodyError, read

B = TypeVar("B", bound=BaseModel)
Endpoint = Callable[[web.Request], Awaitable[Any]]
"""Returns the body of a 200 or raises ProblemError."""
Endpoints = Mapping[tuple[str, str], Endpoint]
"""By method and path below the controls' prefix."""


class ControlRequestError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def body(request: web.Request, form: type[B]) -> B:
    """The request's body as what the endpoint takes."""
    try:
        return read(form, await request.read())
    except InvalidControlBodyError as error:
        raise ControlRequestError(422, str(error)) from None


def problem(status: int, message: str) -> web.Response:
    return respond(status, {"error": message})


def respond(status: int, value: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(value).encode(), content_type="application/json")
