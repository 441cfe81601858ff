"""A report as Markdown, for a pull request or an issue.

No template: each place of Markdown has its own escaping, and a template needs control tags for every blank line.
"""

import re
from collections.abc import Iterable

from ovs_contracts.report import summary
from ovs_contracts.report.encode import value_text
from ovs_contracts.report.model import CheckResult, Outcome, Report, ReportedCall


def document(report: Report) -> str:
    """The whole page."""
    parts = [
        f"# {summary.headline(report)}",
        f"{summary.totals(report)}.".capitalize(),
        _table(("", ""), summary.facts(report)),
        *(f"> {note}" for note in report.notes),
        *_drifted(report),
        *_answers(report),
        *_unchecked(report),
        *_retried(report),
        *_holding(report),
    ]
    return "\n\n".join(parts) + "\n"


def _drifted(report: Report) -> Iterable[str]:
    if checks := summary.with_outcome(report, Outcome.DRIFTED):
        yield f"## Drifted ({len(checks)})"
    for check in checks:
        yield f"### {_line(check.title)}"
        yield f"`{check.id}` · {_parity(check)}"
        yield from _failure(check)


def _failure(check: CheckResult) -> Iterable[str]:
    failure = check.failure
    if failure is None:
        return
    if failure.expected is None:
        yield _code(failure.message)
    else:
        claim = f"{_line(failure.claim)}\n\n" if failure.claim else ""
        yield f"{claim}- expected: {_inline(failure.expected)}\n- seen: {_inline(failure.seen or '')}"
    if failure.call:
        yield _code(failure.call.curl, "sh")
    if failure.calls:
        calls = "\n\n".join(map(_call, failure.calls))
        yield _details(f"Calls of this check ({len(failure.calls)})", [calls])


def _call(call: ReportedCall) -> str:
    return f"`{call.method} {call.path}` → {call.status}, {call.seconds:g} s\n\n{_code(call.body or '(no body)')}"


def _answers(report: Report) -> Iterable[str]:
    rows = [
        (
            ", ".join(answer.rows),
            check.title,
            _inline(value_text(answer.seen)),
            "as decided" if answer.agrees else _inline(value_text(answer.decided)),
        )
        for check, answer in summary.answered(report)
    ]
    if rows:
        yield f"## Open questions ({len(rows)})"
        yield _table(("#", "question", "seen", "decided"), rows)


def _unchecked(report: Report) -> Iterable[str]:
    if groups := summary.by_reason(report):
        yield f"## Could not be checked ({sum(map(len, groups.values()))})"
    for reason, checks in groups.items():
        yield _details(
            f"{len(checks)}: {_line(reason)}", (f"- {_line(check.title)}{_detail(check)}" for check in checks)
        )


def _detail(check: CheckResult) -> str:
    return f" ({_line(check.detail)})" if check.detail else ""


def _retried(report: Report) -> Iterable[str]:
    rows = [(check.title, check.retry.because, check.outcome.value) for check in report.checks if check.retry]
    if rows:
        yield f"## Tried twice ({len(rows)})"
        yield _table(("claim", "because of", "the second time"), rows)


def _holding(report: Report) -> Iterable[str]:
    if checks := summary.with_outcome(report, Outcome.HOLDS):
        yield f"## Holds ({len(checks)})"
    for area, group in summary.by_area(checks).items():
        yield _details(f"{area}: {len(group)}", (f"- {_line(check.title)} ({_parity(check)})" for check in group))


def _details(title: str, lines: Iterable[str]) -> str:
    inside = "\n".join(lines)
    return f"<details><summary>{title}</summary>\n\n{inside}\n\n</details>"


def _parity(check: CheckResult) -> str:
    return f"{check.parity.replace('_', ' ')}: {_line(check.source)}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def _line(text: str) -> str:
    """Text on one line, with Markdown and HTML escaped."""
    return re.sub(r"([<>*_`\[\]])", r"\\\1", " ".join(text.split()))


def _inline(text: str) -> str:
    """Text as code within a line."""
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{' '.join(text.split())}{space}{ticks}"


def _code(text: str, language: str = "") -> str:
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence}{language}\n{text}\n{fence}"
