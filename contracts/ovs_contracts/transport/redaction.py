"""Secrets never leave a run: keys and tokens are hidden in whatever is written or shown."""

import re

KEY_PLACEHOLDER = "$OVERSHOOT_API_KEY"
TOKEN_PLACEHOLDER = "<token>"  # noqa: S105 - what stands in its place
SECRET_PLACEHOLDER = "<secret>"  # noqa: S105

# Anything that looks like a key, but for the names of this project's programs and options.
KEY = re.compile(r"(?<!--)\bovs[-_](?!(?:mock|contracts)(?![\w-]))[A-Za-z0-9_-]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
# What stands before and behind the secret is kept: the password of an address, and that of a TURN server.
PASSWORD = re.compile(r"""(?P<before>\b[a-z]+://[^/\s:@"']+:)(?P<secret>[^@"\s/]+)(?=@)""")
CREDENTIAL = re.compile(r"""(?P<before>"credential"\s*:\s*")(?P<secret>[^"\s]+)(?=")""")

_hidden: set[str] = set()


def hide(secret: str) -> None:
    """From now on hide this text too, whatever it looks like."""
    if len(secret) >= 8:
        _hidden.add(secret)


def redacted(text: str) -> str:
    """The text without API keys, JSON web tokens and passwords."""
    for secret in sorted(_hidden, key=len, reverse=True):
        # A key that a check made from it ends somewhere behind it.
        text = re.sub(re.escape(secret) + r"[\w-]*", KEY_PLACEHOLDER, text)
    text = TOKEN.sub(TOKEN_PLACEHOLDER, KEY.sub(KEY_PLACEHOLDER, text))
    for secrets in (PASSWORD, CREDENTIAL):
        text = secrets.sub(lambda found: found["before"] + SECRET_PLACEHOLDER, text)
    return text


def redacted_header(name: str, value: str) -> str:
    """A header's value as it may be shown."""
    return redacted(value)
