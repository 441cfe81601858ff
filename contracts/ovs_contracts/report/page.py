"""A report as one page of HTML that needs no server, no network and no script.

The filters are radio buttons that the style sheet evaluates, so they work where scripts are not allowed, as in the
artifacts of many CI systems. The script adds a search and a button to copy. jinja2 escapes every text.
"""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from ovs_contracts.report import summary
from ovs_contracts.report.encode import value_text
from ovs_contracts.report.model import Outcome, Report

WORDS = {
    Outcome.DRIFTED: "drifted",
    Outcome.HOLDS: "hold",
    Outcome.UNCHECKED: "not checked",
    Outcome.ANSWERED: "answered",
}


def document(report: Report) -> str:
    """The whole page."""
    environment = Environment(
        loader=PackageLoader("ovs_contracts", "report"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"slug": _slug, "value": value_text}
    return environment.get_template("page.html.jinja").render(_context(report)).strip() + "\n"


def _context(report: Report) -> dict[str, Any]:
    counts = summary.counts(report)
    areas = list(summary.by_area(report.checks))
    filters = [(outcome.value, word, counts[outcome]) for outcome, word in WORDS.items() if counts[outcome]]
    return {
        "report": report,
        "summary": summary,
        "words": WORDS,
        "counts": counts,
        "areas": areas,
        "outcome_filters": [("all", "all", counts.total()), *filters],
        "area_filters": [("all", "everywhere", None), *((_slug(area), area, None) for area in areas)],
        "drifted": summary.with_outcome(report, Outcome.DRIFTED),
        "answers": summary.answered(report),
        "unchecked": summary.by_reason(report),
        "holds": summary.by_area(summary.with_outcome(report, Outcome.HOLDS)),
    }


def _slug(area: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in area) or "-"
