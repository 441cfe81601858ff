"""Hides secrets in text and headers: API keys, JSON web tokens, passwords in addresses, and credentials by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Anything that looks like an API key, but for the names of this project's programs and options.
KEY = re.compile(r"(?<!--)\bovs([-_])(?!(?:mock|contracts)(?![\w-]))[A-Za-z0-9_-]+")
TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
# The user and password of an address, or a secret alone.
PASSWORD = re.compile(r"""(?<=://)(?:(?P<user>[^/\s:@"']+:)[^/\s"@]+|[^/\s"'@]+)(?=@)""")
# The password of a TURN server.
CREDENTIAL = re.compile(r"""(?P<before>"credential"\s*:\s*")[^"\s]+(?=")""")
# Headers whose values are secrets whatever they look like; the first two begin with a scheme, which is none.
WITH_SCHEME = {"authorization", "proxy-authorization"}
SECRET_HEADERS = {*WITH_SCHEME, "cookie", "set-cookie"}
# Shorter texts are too common to be hidden wherever they occur.
SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces secrets by placeholders.

    Attributes:
        key: Placeholder of an API key, a template for ``re.sub``; group 1 is the character behind ``ovs``.
        secret: Placeholder of a password or credential.
        runnable: Whether a call that is shown should still be one that can be run: it keeps the user of an address, and
            the placeholder of a key in a header.
    """

    key: str
    secret: str
    runnable: bool = False
    _hidden: set[str] = field(default_factory=set)

    def hide(self, secret: str) -> None:
        """Hide this text too from now on, whatever it looks like; texts of fewer than 8 characters are ignored."""
        if len(secret) >= SHORTEST_SECRET:
            self._hidden.add(secret)

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in sorted(self._hidden, key=len, reverse=True):
            # A key that was made from the secret ends somewhere behind it.
            text = re.sub(re.escape(secret) + r"[\w-]*", lambda _: self.key, text)
        # The journal redacts all that a client sends and gets, and little of it has a secret: looking first is cheap.
        if "ovs" in text:
            text = KEY.sub(self.key, text)
        if "eyJ" in text:
            text = TOKEN.sub("<token>", text)
        if "@" in text:
            text = PASSWORD.sub(lambda found: self._user(found) + self.secret, text)
        return CREDENTIAL.sub(rf"\g<before>{self.secret}", text) if '"credential"' in text else text

    def header(self, name: str, value: str) -> str:
        """Return a header's value without secrets; of a credential, only its scheme."""
        text = self.text(value)
        name = name.lower()
        if name not in SECRET_HEADERS or (self.runnable and text != value):
            return text
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {self.secret}" if space and name in WITH_SCHEME else self.secret

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers by lower-case name, without secrets."""
        return {name.lower(): self.header(name, value) for name, value in headers.items()}

    def _user(self, found: re.Match[str]) -> str:
        return found["user"] or "" if self.runnable else ""
