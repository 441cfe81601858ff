"""A path belongs to one form of answers, or to none."""

from collections.abc import Awaitable

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from aiohttp.typedefs import Handler, Middleware

from ovs_mock.api.error_dispatch import below, by_path, untouched


def named(name: str) -> Middleware:
    """Says which form it is, beside what the handler answers."""

    def middleware(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        async def answer() -> web.StreamResponse:
            response = await handler(request)
            response.headers.add("form", name)
            return response

        return answer()

    return middleware


async def handled(_: web.Request) -> web.StreamResponse:
    return web.Response()


async def forms_of(path: str) -> list[str]:
    forms = by_path(
        [(below("/a"), named("a")), (below("/a/b", "/c"), named("c")), (below("/d"), untouched)], named("-")
    )
    response = await forms(make_mocked_request("GET", path), handled)
    return response.headers.getall("form", [])


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("path", "form"),
    [("/a", ["a"]), ("/a/b", ["a"]), ("/c/x", ["c"]), ("/ab", ["-"]), ("/", ["-"]), ("/d", []), ("/d/e", [])],
)
async def test_the_first_that_claims_a_path_gets_it_and_no_other(path: str, form: list[str]) -> None:
    assert await forms_of(path) == form
