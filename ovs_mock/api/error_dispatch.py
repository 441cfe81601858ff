"""Whose form an answer takes: a path belongs to one version, or to something that has ways of its own."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Claims = Callable[[str], bool]
"""Whether a path is theirs."""


def by_path(forms: Sequence[tuple[Claims, Middleware]], otherwise: Middleware) -> Middleware:
    """Send each request through the one middleware that it belongs to, and through none of the others."""

    def middleware(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
        path = request.path
        form = next((form for claims, form in forms if claims(path)), otherwise)
        return form(request, handler)

    return middleware


def below(*prefixes: str) -> Claims:
    """The paths at these prefixes, and below them."""
    folders = tuple(prefix + "/" for prefix in prefixes)
    return lambda path: path in prefixes or path.startswith(folders)


def untouched(request: web.Request, handler: Handler) -> Awaitable[web.StreamResponse]:
    """What the handler answers, and its errors as they are."""
    return handler(request)
