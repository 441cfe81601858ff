"""What schemathesis is told to look at beyond its own checks, in every answer to every generated call."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis import CheckContext, Response
from schemathesis.checks import CHECKS

from ovs_common.redaction import TOKEN
from ovs_contracts.documents.versions import ContractVersion, versions
from ovs_contracts.suite.generated.error_forms import problem_with
from ovs_contracts.suite.generated.rules import broken_rule
from ovs_contracts.suite.generated.traffic import AnyCase, exchange_of
from ovs_contracts.transport import sse
from ovs_contracts.transport.exchange import Exchange, hold

ORIGIN = "https://app.example.com"
# Where a token belongs.
TOKEN_PLACES = {"publish", "view", "livekit", "livekit_token"}

Look = Callable[[str, Exchange, AnyCase], None]


@contextmanager
def registered(version: str, key: str) -> Iterator[None]:
    """schemathesis runs our checks while this block does."""
    looks = [cross_origin, error_form, region, rate_limit, event_stream, rules_between_fields, secrets(key)]
    checks = [_check(version, look) for look in looks]
    for check in checks:
        schemathesis.check(check)
    try:
        yield
    finally:
        for check in checks:
            CHECKS.unregister(check.__name__)


def version_of(document: str, path: str) -> ContractVersion | None:
    """The version of a call; the host's root has some calls of v1beta without their prefix."""
    return versions().get("v1beta" if path in ("/models", "/chat/completions") else document)


def cross_origin(version: str, exchange: Exchange, case: AnyCase) -> None:
    """A page of any origin may read the answer, errors included."""
    seen = {name: exchange.headers.get(f"access-control-allow-{name}") for name in ("origin", "credentials")}
    expected = {"origin": exchange.call.headers.get("origin"), "credentials": "true"}
    hold("every answer may be read by the page that asked", expected=expected, seen=seen, exchange=exchange)


def error_form(version: str, exchange: Exchange, case: AnyCase) -> None:
    """Errors have the form of the version."""
    if exchange.status >= 400 and (problem := problem_with(version, exchange)):
        hold("an error has the form of its version", expected=problem, seen=exchange.text[:300], exchange=exchange)


def region(document: str, exchange: Exchange, case: AnyCase) -> None:
    """Every answer of v1beta says which region served it."""
    known = version_of(document, case.operation.path)
    regions = known.regions if known else ()
    if regions and (seen := exchange.headers.get("x-overshoot-region")) not in regions:
        hold("an answer says its region", expected=sorted(regions), seen=seen, exchange=exchange)


def rate_limit(document: str, exchange: Exchange, case: AnyCase) -> None:
    """Chats of v1beta say how many more may be asked this second."""
    known = version_of(document, case.operation.path)
    if not known or "rate_limit" not in known.features or not case.operation.path.endswith("/chat/completions"):
        return
    if case.method.upper() != "POST" or exchange.status not in (200, 429):
        return
    names = ("limit", "remaining", "reset")
    seen = {name: exchange.headers.get(f"x-ratelimit-{name}", "") for name in names}
    sound = all(value.isdigit() for value in seen.values()) and int(seen["remaining"]) <= int(seen["limit"])
    if not sound:
        hold("a chat says what is left", expected="whole numbers, remaining <= limit", seen=seen, exchange=exchange)


def event_stream(version: str, exchange: Exchange, case: AnyCase) -> None:
    """A streamed answer is made of events with chunks, and ends with [DONE]."""
    if exchange.headers.get("content-type", "").partition(";")[0] != "text/event-stream":
        return
    kinds = {chunk.get("object") for chunk in sse.chunks(exchange) if "error" not in chunk}
    hold("chunks say what they are", expected={"chat.completion.chunk"}, seen=kinds, exchange=exchange)


def rules_between_fields(version: str, exchange: Exchange, case: AnyCase) -> None:
    """A body that breaks a rule between its fields is refused."""
    meta = case.meta
    if exchange.status >= 300 or meta is None or not meta.generation.mode.is_positive:
        return
    if rule := broken_rule(case.operation.label, case.body):
        hold(f"a body is refused unless {rule.name}", expected=422, seen=exchange.status, exchange=exchange)


def secrets(key: str) -> Look:
    """The check that nothing secret comes back."""

    def no_secrets(version: str, exchange: Exchange, case: AnyCase) -> None:
        """Neither keys nor cameras' credentials nor tokens of others are in an answer."""
        answer = exchange.text + json.dumps(dict(exchange.headers))
        told = {"the API key": key, **_told(case.body)}
        echoed = [name for name, secret in told.items() if len(secret) > 8 and secret in answer]
        hold("no secret is repeated", expected=[], seen=echoed, exchange=exchange)
        # The written contract shows examples.
        known = {"paths"} if exchange.call.path == "/openapi.json" else TOKEN_PLACES
        strays = [place for place in _tokens(exchange) if place not in known]
        hold("a token is only where one belongs", expected=[], seen=strays, exchange=exchange)

    return no_secrets


def _told(body: Any) -> dict[str, str]:
    """The secrets in a request body."""
    source = body.get("source") if isinstance(body, dict) else None
    if not isinstance(source, dict):
        return {}
    return {f"source.{name}": source[name] for name in ("url", "token") if isinstance(source.get(name), str)}


def _tokens(exchange: Exchange) -> Iterator[str]:
    """The outermost field of each token in a JSON answer."""
    try:
        answer = json.loads(exchange.body)
    except ValueError:
        return
    for name, value in answer.items() if isinstance(answer, dict) else ():
        if TOKEN.search(json.dumps(value)):
            yield name


def _check(version: str, look: Look) -> Callable[[CheckContext, Response, AnyCase], bool | None]:
    """As schemathesis wants it: none of its own exceptions, and named."""

    def check(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
        look(version, exchange_of(response.request, response), case)
        return None

    check.__name__ = look.__name__
    return check
