"""Calls as commands that can be pasted into a shell. Pure."""

import json
from shlex import quote
from typing import Any

KEY = "ovs-example"


def command(origin: str, method: str, path: str, *, needs_key: bool, body: Any = None) -> str:
    """A curl command; values of the path are shell variables, as ``$STREAM_ID``."""
    lines = ["curl" if method == "GET" else f"curl -X {method}"]
    lines[0] += f" {_url(origin, path)}"
    if needs_key:
        lines.append(f"-H {quote(f'Authorization: Bearer {KEY}')}")
    if body is not None:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d {quote(json.dumps(body, indent=2))}")
    return " \\\n  ".join(lines)


def _url(origin: str, path: str) -> str:
    """In double quotes where there are variables in it."""
    if "{" not in path:
        return quote(origin + path)
    names = [part.partition("}") for part in path.split("{")]
    filled = names[0][0] + "".join(f"${name.upper()}{rest}" for name, _, rest in names[1:])
    return f'"{origin}{filled}"' if quote(origin) == origin else f'{quote(origin)}"{filled}"'
