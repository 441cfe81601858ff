"""Calls that schemathesis makes from the documents: examples, limits and values at random, allowed and not."""

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
    """Whatever an operation is asked, allowed or not, its answer is as the contract describes it."""
    findings = alone(version)
    request.node.user_properties.append(("calls", findings.cases[operation]))
    findings.hold(operation)


@documented("the OpenAPI document of the version")
@costs(0.5)
@pytest.mark.parametrize("version", linked_documents())
def test_calls_that_follow_one_another_are_answered_as_described(
    linked: Examined, version: str, request: pytest.FixtureRequest
) -> None:
    """What one call has made, changed or ended, the next ones find as the contract says."""
    findings = linked(version)
    request.node.user_properties.append(("calls", findings.cases.total()))
    findings.hold()
