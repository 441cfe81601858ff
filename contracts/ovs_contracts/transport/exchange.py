"""One call and its answer, as a check sees it and as a report shows it."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ovs_contracts.transport.redaction import redacted, redacted_header


class Deviation(AssertionError):  # noqa: N818 - it is no error of this program
    """The target does not do what the contract says."""

    def __init__(self, claim: str, *, expected: object, seen: object, exchange: "Exchange | None" = None) -> None:
        super().__init__(
            f"{claim}\n  expected: {expected}\n  seen:     {seen}" + (_curl_line(exchange) if exchange else "")
        )
        self.claim = claim
        self.expected = expected
        self.seen = seen
        self.exchange = exchange


class InconclusiveError(Exception):
    """A check could not find anything out, and says nothing about the target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. ``path`` is from the origin's root: ``/v1/streams?x=1``."""

    method: str
    url: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = b""

    def curl(self) -> str:
        """The same as a command line; keys stand as ``$OVERSHOOT_API_KEY``."""
        parts = ["curl", "-i", "-X", self.method, shlex.quote(redacted(self.url))]
        for name, value in self.headers.items():
            if name.lower() not in HIDDEN_HEADERS:
                parts += ["-H", _quoted(f"{name}: {redacted_header(name, value)}")]
        if self.body:
            parts += ["--data-binary", shlex.quote(redacted(self.body.decode("utf-8", "backslashreplace")))]
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call and its answer. ``headers`` of the answer are by lower-case name."""

    call: Call
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float
    """Real time that it took."""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON; a Deviation when it is not."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            seen = f"{error}: {self.text[:200]!r}"
            raise Deviation("the answer is JSON", expected="JSON", seen=seen, exchange=self) from None

    def expect(self, *statuses: int) -> "Exchange":
        """Itself when it has one of these statuses, else a Deviation."""
        if self.status not in statuses:
            expected = " or ".join(map(str, statuses))
            seen = f"{self.status} {self.text[:300]}"
            raise Deviation(f"{self.call.method} {self.call.path}", expected=expected, seen=seen, exchange=self)
        return self


HIDDEN_HEADERS = {"accept", "accept-encoding", "connection", "cookie", "user-agent", "host", "content-length"}


def hold(claim: str, *, expected: object, seen: object, exchange: Exchange | None = None) -> None:
    """A Deviation unless both are equal."""
    if expected != seen:
        raise Deviation(claim, expected=expected, seen=seen, exchange=exchange)


def hold_near(claim: str, *, expected: float, seen: float, within: float, exchange: Exchange | None = None) -> None:
    """A Deviation unless ``seen`` is at most ``within`` from ``expected``."""
    if not abs(seen - expected) <= within:
        raise Deviation(claim, expected=f"{expected:.6g} ± {within:g}", seen=seen, exchange=exchange)


def _curl_line(exchange: Exchange) -> str:
    return f"\n  by:       {exchange.call.curl()}"


def _quoted(text: str) -> str:
    """In double quotes, so that a shell fills in a variable; everything else is taken as it is."""
    if "$OVERSHOOT_API_KEY" not in text:
        return shlex.quote(text)
    escaped = "".join("\\" + c if c in '"`\\' else c for c in text)
    return f'"{escaped}"'
