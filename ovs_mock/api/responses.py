"""JSON over HTTP."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def respond(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json", headers=headers)
