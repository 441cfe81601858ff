"""Requests that schemathesis generates from the documents: examples, limits and random values."""

import pytest

from ovs_contracts.documents import names
from ovs_contracts.runner.marks import costs, documented
from ovs_contracts.suite.generated.conftest import Examined
from ovs_contracts.suite.generated.document_view import linked_documents, operations

OPERATIONS = [(version, operation) for version in names() for operation in operations(version)]


@documented("the OpenAPI document of the version")
@costs(0.5)
@pytest.mark.parametrize(("version", "operation"), OPERATIONS, ids=[name for _, name in OPERATIONS])
def test_an_operation_answers_as_described(
    alone: Examined, version: str, operation: str, request: pytest.FixtureRequest
) -> None:
    """The operation answers valid and invalid requests as the contract describes."""
    findings = alone(version)
    request.node.user_properties.append(("calls", findings.cases[operation]))
    findings.hold(operation)


@documented("the OpenAPI document of the version")
@costs(0.5)
@pytest.mark.parametrize("version", linked_documents())
def test_linked_calls_are_answered_as_described(linked: Examined, version: str, request: pytest.FixtureRequest) -> None:
    """Requests about what earlier requests created, changed or ended are answered as the contract describes."""
    findings = linked(version)
    request.node.user_properties.append(("calls", findings.cases.total()))
    findings.hold()
