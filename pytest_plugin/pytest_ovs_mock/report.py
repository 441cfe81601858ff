"""What is wrong with a test that did its work: surprises of the mock, leaks, cost, replies that nobody asked for."""

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


class OvsLeakWarning(UserWarning):
    """A test left something open that costs money in production."""


def remember_handle(node: pytest.Item, ovs: "Ovs") -> None:
    """Remember the mock of a test, for its report."""
    node.stash[_OVS] = ovs


def teardown_failures(node: pytest.Item, ovs: "Ovs", chosen: TestOptions) -> list[str]:
    """What the test fails for; leaks may be warnings instead."""
    # Who skips in the middle of a test has not come to its end.
    ignored = chosen.leaks == "ignore" or node.stash.get(_SKIPPED, False)
    leaks = [] if ignored else [str(leak) for leak in ovs.leaks]
    bill = ovs.bill
    node.user_properties += [(COST, bill.microcents), (LEAK_COUNT, len(leaks)), (TARGET, ovs.target)]
    troubles = [_failure_text(error) for error in ovs.failures]
    troubles += [f"the run's budget was not enough: {refusal}" for refusal in ovs.rejected_calls]
    if leaks and chosen.leaks == "fail":
        troubles.append("\n".join(["the test left open:", *(f"  {leak}" for leak in leaks)]))
    allowed = budget(node)
    if allowed is not None and bill.cents > allowed:
        troubles.append(f"the test would cost more than its budget of {allowed:g} cents: {bill}")
    if chosen.strict and ovs.target == MOCK and not (node.stash.get(FAILED, False) or node.stash.get(_SKIPPED, False)):
        troubles += _unused(ovs)
    if leaks and chosen.leaks == "warn":
        for leak in leaks:
            node.warn(OvsLeakWarning(f"{node.nodeid}: {leak}"))
    return troubles


FAILED = pytest.StashKey[bool]()
_SKIPPED = pytest.StashKey[bool]()


def add_report_sections(item: pytest.Item, report: pytest.TestReport) -> None:
    """Beside a failure: what happened on the mock, and which questions met no script."""
    if report.skipped:
        item.stash[_SKIPPED] = True
    if report.when != "call" or report.passed or report.skipped:
        return
    item.stash[FAILED] = True
    ovs = item.stash.get(_OVS, None)
    if ovs is None:
        return
    report.sections.append(("ovs journal", str(ovs.journal)))
    if ovs.target == MOCK:
        report.sections += _mock_sections(ovs)


def _mock_sections(ovs: "Ovs") -> Iterator[tuple[str, str]]:
    """What a test has arranged."""
    if unmatched := _unmatched(ovs):
        yield "ovs model", "\n".join(unmatched)
    if len(ovs.faults):
        yield "ovs faults", str(ovs.faults)
    if surprises := [_failure_text(error) for error in ovs.failures]:
        yield "ovs failures", "\n\n".join(surprises)


def _unused(ovs: "Ovs") -> Iterator[str]:
    if unused := ovs.model.unused:
        hint = "give them optional=True, or mark the test with ovs(strict=False), when that is meant"
        yield "\n".join(["replies were set and not given:", *_counted(unused), *_unmatched(ovs), hint])
    if missed := ovs.unused_faults:
        hint = "say optional() of them, or mark the test with ovs(strict=False), when that is meant"
        yield "\n".join(["faults were set and not met:", *_counted(missed), hint])


def _counted(set_: Sequence[Any]) -> list[str]:
    return [f"  {each}: {each.used} of {each.expected}" for each in set_]


def _unmatched(ovs: "Ovs") -> list[str]:
    unmatched = ovs.model.unmatched
    return ["questions for which no reply was set:", *(f"  {line}" for line in unmatched)] if unmatched else []


def _failure_text(error: BaseException) -> str:
    trace = "".join(format_exception(error)).rstrip()
    return f"the mock, or a script of the test, failed without telling a client why:\n{trace}"
