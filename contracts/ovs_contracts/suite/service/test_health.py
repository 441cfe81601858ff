"""Health, metrics and the OpenAPI document, at the root of the host."""

import pytest

from ovs_contracts.client import errors
from ovs_contracts.documents.versions import chat_versions
from ovs_contracts.runner.marks import documented, mock_only
from ovs_contracts.suite.arranged import draining
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import hold
from ovs_contracts.transport.http_client import HttpClient


@documented("service endpoints at the host root: GET /healthz, GET /readyz")
def test_health_and_readiness(http: HttpClient) -> None:
    """/healthz and /readyz are 200 without a key."""
    http("GET", "/healthz").expect(200)
    http("GET", "/readyz").expect(200)


@mock_only("no document says what a server that drains answers here")
def test_a_draining_server_is_healthy_but_not_ready(http: HttpClient, controls: Controls) -> None:
    """While a server drains /readyz is 503 and /healthz is 200; afterwards both are 200."""
    with draining(controls):
        hold("readyz", expected="draining", seen=http("GET", "/readyz").expect(503).json["status"])
        hold("healthz", expected="ok", seen=http("GET", "/healthz").expect(200).json["status"])
    hold("readyz", expected="ready", seen=http("GET", "/readyz").expect(200).json["status"])


@documented("service endpoints at the host root: GET /metrics")
def test_metrics(http: HttpClient) -> None:
    """The metrics are text."""
    answer = http("GET", "/metrics").expect(200)
    media = answer.headers.get("content-type", "").partition(";")[0]
    assert media in ("text/plain", "application/openmetrics-text"), media
    assert answer.text


@documented("service endpoints at the host root: GET /openapi.json")
def test_the_openapi_document(http: HttpClient) -> None:
    """/openapi.json is an OpenAPI 3 document that describes chat completions."""
    answer = http("GET", "/openapi.json").expect(200)
    hold("OpenAPI", expected="3", seen=str(answer.json.get("openapi"))[:1], exchange=answer)
    assert any(path.endswith("/chat/completions") for path in answer.json["paths"])


@documented("what is not listed is not there")
@pytest.mark.parametrize("prefix", ["", *(version.prefix for version in chat_versions()), "/billing"])
def test_unknown_paths(http: HttpClient, key: str, prefix: str) -> None:
    """An unknown path is 404 with a detail."""
    errors.plain(http("GET", f"{prefix}/nothing-is-here", key=key), 404)


@mock_only("production counts what it likes")
def test_the_format_of_the_metrics(http: HttpClient) -> None:
    """The mock's metrics have Prometheus' text format: every sample has a described name and a number."""
    text = http("GET", "/metrics").expect(200).text
    described = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    samples = [line for line in text.splitlines() if line and not line.startswith("#")]
    wrong = [line for line in samples if line.partition(" ")[0].partition("{")[0] not in described]
    hold("samples that are not described", expected=[], seen=wrong)
    assert all(float(line.rpartition(" ")[2]) >= 0 for line in samples)
