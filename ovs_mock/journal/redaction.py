"""Secrets never enter the journal: keys, tokens and the passwords of cameras are hidden before they are written."""

import re
from collections.abc import Mapping

KEY = re.compile(r"\bovs([-_])[A-Za-z0-9_-]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
PASSWORD = re.compile(r"(?<=://)[^/\s\"'@]+@")
# Their values are secrets whatever they look like.
HIDDEN = {"authorization", "cookie", "proxy-authorization", "set-cookie"}


def redacted(text: str) -> str:
    """The text without secrets."""
    return PASSWORD.sub("***@", TOKEN.sub("<token>", KEY.sub(r"ovs\1***", text)))


def redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name; of a credential only its scheme is left."""
    return {name.lower(): _shown(name.lower(), value) for name, value in headers.items()}


def _shown(name: str, value: str) -> str:
    if name not in HIDDEN:
        return redacted(value)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} ***" if space else "***"
