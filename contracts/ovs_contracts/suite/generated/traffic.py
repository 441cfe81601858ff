"""Generated calls as those who watch a run see all others: paced, counted, and their streams ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.hooks import unregister
from schemathesis.schemas import BaseSchema

from ovs_contracts.client.response_validator import ResponseValidator
from ovs_contracts.client.session import TargetSession
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.safety.streams import created_by
from ovs_contracts.transport.exchange import Call, Exchange

T = TypeVar("T")
AnyCase = Case[Any]

# What schemathesis adds for itself.
MARKS = {"x-schemathesis-testcaseid"}

# Fewer than a key may have at a time in v0.2, so that creating goes on to be accepted.
STREAMS_AT_A_TIME = 3


class Traffic:
    """Reports every call to the observers of a session, and keeps few streams open."""

    def __init__(self, session: TargetSession, key: str, max_streams: int, spared: str | None = None) -> None:
        self._session = session
        self._key = key
        self._spared = spared
        self._most = max_streams if session.target.charges else STREAMS_AT_A_TIME
        # What answers is held against the contract by schemathesis.
        self._observers = [each for each in session.http.observers if not isinstance(each, ResponseValidator)]
        self.refusal: BaseException | None = None
        """Why an observer ended the run, such as that its budget is spent."""

    def before(self, case: AnyCase) -> None:
        call = Call(
            method=case.method.upper(),
            url=self._session.target.origin + case.formatted_path,
            path=case.formatted_path,
            headers={"authorization": f"Bearer {self._key}"},
        )
        if created_by(call):
            self._make_room()
        for observer in self._observers:
            self._tell(observer.before, call)

    def after(self, exchange: Exchange) -> None:
        for observer in self._observers:
            self._tell(observer.after, exchange)

    def _make_room(self) -> None:
        alive = self._session.ledger.open.values()
        mine = [stream for stream in alive if stream.key == self._key and stream.id != self._spared]
        for stream in mine[: max(0, len(mine) - self._most + 1)]:
            self._session.delete(stream.version, stream.id, stream.key)

    def _tell(self, told: Callable[[T], None], what: T) -> None:
        try:
            told(what)
        except (Exception, NotAllowedError) as refusal:
            self.refusal = refusal
            # Which schemathesis understands as the wish to stop.
            raise KeyboardInterrupt from refusal


@contextmanager
def watched(schema: BaseSchema, traffic: Traffic) -> Iterator[None]:
    """While this block runs, calls of the schema go through ``traffic``."""

    def before_call(context: HookContext, case: AnyCase, kwargs: dict[str, Any]) -> None:
        if case.operation.schema is schema:
            if session := kwargs.get("session"):
                # Like every other call of a run: a proxy of the machine is none of the target's.
                session.trust_env = False
            traffic.before(case)

    def after_call(context: HookContext, case: AnyCase, response: Response) -> None:
        traffic.after(exchange_of(response.request, response))

    # This one hook schemathesis knows for all schemas only.
    schemathesis.hook(before_call)
    schema.hook(after_call)
    try:
        yield
    finally:
        unregister(before_call)


def exchange_of(request: requests.PreparedRequest, response: Response) -> Exchange:
    """A call of schemathesis as ours."""
    body = request.body or b""
    return Exchange(
        call=_call(str(request.method), str(request.url), dict(request.headers), body),
        status=response.status_code,
        headers={name.lower(): ", ".join(values) for name, values in response.headers.items()},
        body=response.content or b"",
        seconds=response.elapsed,
    )


def _call(method: str, url: str, headers: dict[str, Any], body: Any) -> Call:
    parts = urlsplit(url)
    return Call(
        method=method,
        url=url,
        path=parts.path + (f"?{parts.query}" if parts.query else ""),
        headers={name.lower(): _text(value) for name, value in headers.items() if name.lower() not in MARKS},
        body=body.encode() if isinstance(body, str) else bytes(body),
    )


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
