"""What fails a test at teardown, and what a failure report shows of the mock."""

from collections.abc import Iterator, Sequence
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import pytest

from pytest_ovs_mock.options import TestOptions, budget

if TYPE_CHECKING:
    from ovs_mock import Ovs

COST, LEAK_COUNT, TARGET = "ovs_microcents", "ovs_leaks", "ovs_target"
MOCK = "mock"
_OVS: "pytest.StashKey[Ovs]" = pytest.StashKey()
_FAILED = pytest.StashKey[bool]()
_SKIPPED = pytest.StashKey[bool]()


class OvsLeakWarning(UserWarning):
    """A test has left something open that costs money in production."""


def remember_handle(node: pytest.Item, ovs: "Ovs") -> None:
    """Remember the handle of a test, for its report."""
    node.stash[_OVS] = ovs


def teardown_failures(node: pytest.Item, ovs: "Ovs", options: TestOptions) -> list[str]:
    """What the test fails for; leaks are warnings instead unless ``options`` say otherwise."""
    skipped = node.stash.get(_SKIPPED, False)
    leaks = [] if skipped or options.leaks == "ignore" else [str(leak) for leak in ovs.leaks]
    bill = ovs.bill
    node.user_properties += [(COST, bill.microcents), (LEAK_COUNT, len(leaks)), (TARGET, ovs.target)]
    failures = [_failure_text(error) for error in ovs.failures]
    failures += [f"a call would have exceeded the run's budget: {call}" for call in ovs.rejected_calls]
    if leaks and options.leaks == "fail":
        failures.append("\n".join(["the test left open:", *(f"  {leak}" for leak in leaks)]))
    cents = budget(node)
    if cents is not None and bill.cents > cents:
        failures.append(f"the test would cost more than its budget of {cents:g} cents: {bill}")
    if options.strict and ovs.target == MOCK and not (skipped or node.stash.get(_FAILED, False)):
        failures += _unused(ovs)
    if leaks and options.leaks == "warn":
        for leak in leaks:
            node.warn(OvsLeakWarning(f"{node.nodeid}: {leak}"))
    return failures


def add_report_sections(item: pytest.Item, report: pytest.TestReport) -> None:
    """Show beside a failure what happened on the mock."""
    if report.skipped:
        item.stash[_SKIPPED] = True
    if report.when != "call" or report.passed or report.skipped:
        return
    item.stash[_FAILED] = True
    ovs = item.stash.get(_OVS, None)
    if ovs is None:
        return
    report.sections.append(("ovs journal", str(ovs.journal)))
    if ovs.target == MOCK:
        report.sections += _mock_sections(ovs)


def _mock_sections(ovs: "Ovs") -> Iterator[tuple[str, str]]:
    if unmatched := _unmatched(ovs):
        yield "ovs model", "\n".join(unmatched)
    if len(ovs.faults):
        yield "ovs faults", str(ovs.faults)
    if failures := [_failure_text(error) for error in ovs.failures]:
        yield "ovs failures", "\n\n".join(failures)


def _unused(ovs: "Ovs") -> Iterator[str]:
    if replies := ovs.model.unused:
        hint = "if that is intended, set them with optional=True or mark the test with @pytest.mark.ovs(strict=False)"
        yield "\n".join(["replies that were not used:", *_counts(replies), *_unmatched(ovs), hint])
    if faults := ovs.unused_faults:
        hint = "if that is intended, call optional() on them or mark the test with @pytest.mark.ovs(strict=False)"
        yield "\n".join(["faults that did not fire:", *_counts(faults), hint])


def _counts(expected: Sequence[Any]) -> list[str]:
    return [f"  {each}: {each.used} of {each.expected}" for each in expected]


def _unmatched(ovs: "Ovs") -> list[str]:
    unmatched = ovs.model.unmatched
    return ["questions that matched no reply:", *(f"  {line}" for line in unmatched)] if unmatched else []


def _failure_text(error: BaseException) -> str:
    trace = "".join(format_exception(error)).rstrip()
    return f"the mock, or a callback of the test, raised an error that no client has received:\n{trace}"
