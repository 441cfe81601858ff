"""What a run asks before its first check: whether the target answers, takes our key, and what it charges."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from ovs_contracts.documents.versions import version
from ovs_contracts.safety.prices import ListedPrice, parse_prices
from ovs_contracts.targets.target import Target, UnavailableError
from ovs_contracts.transport.realtime import wait

# Not from the client of v0.2, which needs websockets: a relay starts with the extra [live] alone.
PREFIX = version("v0.2").prefix
ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What the target says of itself."""

    server: str | None = None
    prices: Mapping[str, ListedPrice] = field(default_factory=dict)
    balance_cents: float | None = None


def read_target_facts(target: Target) -> TargetFacts:
    """An UnavailableError when nothing could be checked there."""
    with httpx.Client(verify=target.tls or True, timeout=20, trust_env=False) as client:
        ask = _PreflightClient(client, target)
        reached = ask("/healthz")
        if not target.charges:
            return TargetFacts(server=_server_name(reached, None))
        if ask.refuses_the_key():
            raise UnavailableError(f"{target.origin} does not accept the key in OVERSHOOT_API_KEY: it answers 401")
        return TargetFacts(
            server=_server_name(reached, ask.json("/openapi.json")),
            prices=parse_prices(ask.json("/billing/pricing")),
            balance_cents=ask.balance(),
        )


def balance_cents(target: Target) -> float | None:
    """What the account holds; ``None`` when the target does not say."""
    try:
        with httpx.Client(verify=target.tls or True, timeout=20, trust_env=False) as client:
            return _PreflightClient(client, target).balance()
    except UnavailableError:
        return None


class _PreflightClient:
    """Calls that are no checks: tried again when the target is out of order for a moment."""

    def __init__(self, client: httpx.Client, target: Target) -> None:
        self._client = client
        self._target = target

    def __call__(self, path: str, *, with_key: bool = False) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._target.api_key}"} if with_key else {}
        failure: httpx.HTTPError | None = None
        response: httpx.Response | None = None
        # A mock of our own is not out of order for a moment.
        for attempt in range(ATTEMPTS if self._target.charges else 1):
            if attempt:
                wait(0.25 * 2**attempt)
            try:
                response = self._client.get(self._target.origin + path, headers=headers)
            except httpx.HTTPError as error:
                failure = error
                continue
            if response.status_code < 500:
                return response
        if response is None:
            raise UnavailableError(f"{self._target.origin} cannot be reached: {_reason(failure)}")
        return response

    def json(self, path: str, *, with_key: bool = False) -> Any:
        """The answer's body; ``None`` when there is none to be had."""
        response = self(path, with_key=with_key)
        try:
            return response.json() if response.status_code == 200 else None
        except ValueError:
            return None

    def balance(self) -> float | None:
        shown = self.json("/billing/accounts/me/balance", with_key=True)
        held = shown.get("balance_microcents") if isinstance(shown, dict) else None
        return held / 1_000_000 if isinstance(held, int | float) else None

    def refuses_the_key(self) -> bool:
        """Asked in two places, as one alone may be what a check is to find."""
        paths = ("/billing/accounts/me/balance", f"{PREFIX}/models")
        return all(self(path, with_key=True).status_code == 401 for path in paths)


def _server_name(response: httpx.Response, document: Any) -> str | None:
    info = document.get("info") if isinstance(document, dict) else None
    said = f"{info.get('title')} {info.get('version')}" if isinstance(info, dict) else None
    parts = [part for part in (said, response.headers.get("server")) if part]
    return ", ".join(parts) or None


def _reason(error: Exception | None) -> str:
    """The reason below all that wraps it, and what to do where that is known."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{cause.verify_message}; trust a private authority with --ca-bundle FILE, or SSL_CERT_FILE"
        cause = cause.__cause__ or cause.__context__
    return f"{type(error).__name__}: {error}"
