"""Secrets never leave a run: keys and tokens are hidden in whatever is written or shown."""

import re

SHOWN_KEY = "$OVERSHOOT_API_KEY"
SHOWN_TOKEN = "<token>"  # noqa: S105 - what stands in its place

KEY = re.compile(r"\bovs[-_][A-Za-z0-9_-]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")


def redacted(text: str) -> str:
    """The text without API keys and JSON web tokens."""
    return TOKEN.sub(SHOWN_TOKEN, KEY.sub(SHOWN_KEY, text))


def shown_header(name: str, value: str) -> str:
    """A header's value as it may be shown."""
    if name.lower() == "authorization":
        scheme, _, credentials = value.partition(" ")
        return f"{scheme} {SHOWN_KEY}" if KEY.fullmatch(credentials) else redacted(value)
    return redacted(value)
