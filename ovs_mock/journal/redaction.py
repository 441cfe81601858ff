"""Secrets never enter the journal: keys, tokens and the passwords of cameras are hidden before they are written."""

import re
from collections.abc import Mapping

KEY = re.compile(r"\bovs([-_])[A-Za-z0-9_-]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
PASSWORD = re.compile(r"(?<=://)[^/\s\"'@]+@")
# Their values are secrets whatever they look like; the first two begin with a scheme, which is none.
SCHEMED = {"authorization", "proxy-authorization"}
HIDDEN = {*SCHEMED, "cookie", "set-cookie"}


def redacted(text: str) -> str:
    """The text without secrets."""
    # Every request and every answer comes through here, and few have a secret in them: to see that costs much less.
    if "ovs" in text:
        text = KEY.sub(r"ovs\1***", text)
    if "eyJ" in text:
        text = TOKEN.sub("<token>", text)
    return PASSWORD.sub("***@", text) if "@" in text else text


def redacted_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name; of a credential only its scheme is left."""
    return {(lower := name.lower()): _shown(lower, value) for name, value in headers.items()}


def _shown(name: str, value: str) -> str:
    if name not in HIDDEN:
        return redacted(value)
    scheme, space, _ = value.partition(" ")
    return f"{scheme} ***" if space and name in SCHEMED else "***"
