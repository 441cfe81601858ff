"""Generated calls against a server that does much wrong, and against a mock."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.suite.generated.document_view import TargetKnowledge, operations, view
from ovs_contracts.suite.generated.findings import Findings, GenerationError
from ovs_contracts.suite.generated.run_schemathesis import ALONE, LINKED, examine
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.mock import start_mock
from ovs_contracts.targets.target import Target
from ovs_contracts.transport.exchange import Call, Deviation, Exchange
from ovs_contracts.transport.observer import CallObserver
from schemathesis.checks import CHECKS

KEY = "ovs-a-key-of-production"


class Careless(BaseHTTPRequestHandler):
    """Says that all is well, whatever it is asked, and repeats the key."""

    def do_GET(self) -> None:
        body = json.dumps({"status": "ok", "you_sent": self.headers.get("Authorization")}).encode()
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        """Whatever the method."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Nobody is interested."""


@pytest.fixture(scope="module")
def careless() -> Iterator[Target]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = Thread(target=server.serve_forever)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    yield Target(name="careless", origin=origin, api_key=KEY, charges=False)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def findings(careless: Target) -> Findings:
    with open_session(careless) as session:
        return examine(session, "billing", ALONE, key=KEY, known=TargetKnowledge(), cases=2, seed=1)


def found(findings: Findings, operation: str) -> set[str]:
    return {finding.check for finding in findings.found.values() if finding.operation == operation}


def test_a_careless_server_is_found_out(findings: Findings) -> None:
    checks = found(findings, "POST /billing/checkout")
    assert {"negative_data_rejection", "ignored_auth", "unsupported_method", "response_schema_conformance"} <= checks
    assert {"cross_origin", "no_secrets"} <= checks
    assert {"response_schema_conformance", "ignored_auth"} <= found(findings, "GET /billing/accounts/me/balance")
    # Nobody needs a key there.
    assert "ignored_auth" not in found(findings, "GET /billing/pricing")


def test_a_deviation_shows_how_to_see_it_and_no_key(findings: Findings) -> None:
    with pytest.raises(Deviation) as raised:
        findings.hold("GET /billing/pricing")
    told = "\n".join([str(raised.value), *raised.value.__notes__])
    assert "curl -i -X GET" in told
    assert "$OVERSHOOT_API_KEY" in told
    assert KEY not in told
    assert "x-schemathesis" not in told.lower()


def test_the_smallest_call_is_shown(findings: Findings) -> None:
    sizes = {each.check: len(each.exchange.call.body) for each in findings.found.values() if "POST" in each.operation}
    assert sizes["cross_origin"] < 50


def test_nothing_stays_registered(findings: Findings) -> None:
    assert "no_secrets" not in CHECKS.get_all_names()


def test_what_was_not_called_does_not_hold() -> None:
    with pytest.raises(GenerationError, match="no call was made"):
        Findings().hold("GET /v0.2/models")


class Refusing:
    """Ends a run at its third call."""

    def __init__(self) -> None:
        self.calls = 0

    def before(self, call: Call) -> None:
        self.calls += 1
        if self.calls == 3:
            raise RuntimeError("the budget has ended")

    def after(self, exchange: Exchange) -> None:
        """Nothing."""


def test_an_observer_can_end_it(careless: Target) -> None:
    refusing: CallObserver = Refusing()
    with open_session(careless) as session, session.observe(refusing):
        ended = examine(session, "service", ALONE, key=KEY, known=TargetKnowledge(), cases=1, seed=1)
    with pytest.raises(RuntimeError, match="the budget has ended"):
        ended.hold("GET /readyz")


@pytest.fixture(scope="module")
def mocked() -> Iterator[TargetSession]:
    with start_mock(3) as target, open_session(target) as session:
        yield session


@pytest.mark.parametrize("phases", [ALONE, LINKED])
def test_the_mock_passes_and_keeps_nothing(mocked: TargetSession, phases: tuple[str, ...]) -> None:
    key = mocked.new_key()
    findings = examine(
        mocked, "v1", phases, key=key, known=TargetKnowledge(models=("Qwen/Qwen3.5-9B",)), cases=2, seed=5
    )
    findings.hold()
    assert all(findings.cases[operation] for operation in operations("v1")) or phases == LINKED
    assert len(mocked.ledger.open) <= 3
    mocked.end_streams()
    assert not mocked.ledger.open


def test_where_money_is_charged_models_are_asked_only_what_they_must_refuse(mocked: TargetSession) -> None:
    target = mocked.target
    charging = Target(
        name="x", origin=target.origin, api_key=target.api_key, capabilities=frozenset({Capability.CONTROL})
    )
    asked: list[Exchange] = []

    class Watching(Refusing):
        def before(self, call: Call) -> None:
            """Nothing is refused."""

        def after(self, exchange: Exchange) -> None:
            asked.append(exchange)
            assert len(session.ledger.open) <= 1

    with open_session(charging) as session, session.observe(Watching()):
        examine(session, "v1", ALONE, key=target.api_key, known=TargetKnowledge(), cases=5, seed=1)
    chats = [exchange.status for exchange in asked if exchange.call.path == "/v1/chat/completions"]
    assert chats
    # What a lenient server takes for a number is the rest.
    assert chats.count(200) < len(chats) / 10


def test_what_is_known_of_a_target_is_put_into_what_is_asked() -> None:
    known = TargetKnowledge(models=("one", "two"), stream_id="00000000-0000-4000-8000-000000000000")
    text = json.dumps(view("v1beta", known))
    assert '"enum": ["one", "two"]' in text
    assert "ovs://streams/00000000-0000-4000-8000-000000000000" in text
    assert '"enum": ["one", "two"]' not in json.dumps(view("v1beta", TargetKnowledge()))
