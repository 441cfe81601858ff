"""v0.2 as a part of an aiohttp application: its routes, and its answer to everything that goes wrong."""

from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.bodies import InvalidBodyError, MalformedJsonError
from ovs_mock.api.responses import respond
from ovs_mock.api.v02 import errors
from ovs_mock.api.v02.decode import MalformedStreamIdError
from ovs_mock.api.v02.handlers import PREFIX, REQUEST_ID
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.runtime.runtime import Runtime


def claims(path: str) -> bool:
    """Whether a path is the version's."""
    return path.startswith(PREFIX + "/")


def error_bodies(runtime: Runtime) -> Middleware:
    """Give every error the version's form."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            return respond(*errors.plain(error.status, error.reason), headers=_kept(error))
        except Exception as error:  # noqa: BLE001 - every error has an answer, bugs of the mock's included
            return respond(*_answer(error, runtime, request.get(REQUEST_ID)))

    return middleware


def _answer(error: Exception, runtime: Runtime, request_id: str | None) -> tuple[int, Any]:
    match error:
        case CommandRejectedError():
            return errors.refused(error)
        case InvalidBodyError():
            return errors.invalid(error.details, request_id)
        case MalformedJsonError():
            return errors.plain(400, f"The body is not JSON: {error}")
        case MalformedStreamIdError():
            return errors.plain(400, "The stream id is not a UUID.")
        case _:
            runtime.record_failure(error)
            return errors.internal("The mock failed; its log has the traceback.")


def _kept(error: web.HTTPException) -> dict[str, str]:
    """Of the headers of an HTTP error, what says how to do better."""
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
