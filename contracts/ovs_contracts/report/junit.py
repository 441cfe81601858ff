"""A report as JUnit XML, which every CI system shows."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ovs_contracts.report import summary
from ovs_contracts.report.model import CheckResult, Failure, Outcome, Report


def document(report: Report) -> str:
    """A test suite for each area, a test case for each claim. What was not checked counts as skipped."""
    root = Element("testsuites", name="ovs-contracts")
    for area, checks in summary.by_area(report.checks).items():
        suite = _suite(root, area, report, len(checks))
        suite.set("failures", str(sum(check.outcome is Outcome.DRIFTED for check in checks)))
        suite.set("skipped", str(sum(check.outcome is Outcome.UNCHECKED for check in checks)))
        suite.set("time", f"{sum(check.seconds for check in checks):.3f}")
        for check in checks:
            _add_case(suite, check)
    _add_gaps(root, report)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, name: str, report: Report, tests: int) -> Element:
    started = report.about.started_at
    return SubElement(root, "testsuite", name=name, tests=str(tests), errors="0", timestamp=started)


def _add_case(suite: Element, check: CheckResult) -> None:
    case = SubElement(
        suite, "testcase", name=check.title, classname=check.id.partition("::")[0], time=f"{check.seconds:.3f}"
    )
    if check.failure and check.outcome is Outcome.DRIFTED:
        SubElement(case, "failure", message=check.failure.message.partition("\n")[0]).text = _failure_text(
            check.failure
        )
    if check.outcome is Outcome.UNCHECKED:
        SubElement(case, "skipped", message=": ".join(filter(None, (check.reason, check.detail))))
    for answer in check.answers:
        SubElement(case, "system-out").text = f"seen: {answer.seen!r}, decided: {answer.decided!r}"


def _failure_text(failure: Failure) -> str:
    curl = failure.call.curl if failure.call else None
    return "\n".join(filter(None, (failure.message, curl, failure.where)))


def _add_gaps(root: Element, report: Report) -> None:
    """A run that checked nothing is not green here either."""
    if reasons := summary.gaps(report):
        suite = _suite(root, "the run", report, 1)
        suite.set("errors", "1")
        case = SubElement(suite, "testcase", name="the run says something about the target", classname="the run")
        SubElement(case, "error", message="; ".join(reasons))
