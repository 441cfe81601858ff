"""A report as one page that needs nothing else: no server, no network, no script to be read.

Filters are radio buttons that the style sheet looks at, so that they work where scripts are not allowed, as in the
artifacts of many CI systems. The script adds a search and a button to copy.
"""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from ovs_contracts.report import summary
from ovs_contracts.report.encode import shown_value
from ovs_contracts.report.model import CheckResult, Failure, Outcome, Report, ReportedAnswer, ReportedCall

WORDS = {
    Outcome.DRIFTED: "drifted",
    Outcome.HOLDS: "hold",
    Outcome.UNCHECKED: "not checked",
    Outcome.ANSWERED: "answered",
}


def document(report: Report) -> str:
    """The whole page."""
    title = escape(summary.headline(report))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}: {escape(report.about.target)}</title>
<style>
{_asset("page.css")}{_area_rules(report)}</style>
</head>
<body>
<main>
{_head(report, title)}
{_filters(report)}
{"".join(_sections(report))}
</main>
<script>
{_asset("page.js")}</script>
</body>
</html>
"""


def _head(report: Report, title: str) -> str:
    number = summary.counts(report)
    tiles = "".join(
        f'<div class="tile {outcome.value if number[outcome] else "none"}">'
        f"<b>{number[outcome]}</b><span>{word}</span></div>"
        for outcome, word in WORDS.items()
        if number[outcome] or outcome is not Outcome.ANSWERED
    )
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in summary.facts(report))
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in report.notes)
    kind = summary.verdict(report).name.lower()
    return f"""<header class="{kind}">
<p class="kicker">The contract of the Overshoot API</p>
<h1>{title}</h1>
<div class="tiles">{tiles}</div>
</header>
<dl class="facts">{facts}</dl>
{notes}"""


def _filters(report: Report) -> str:
    number = summary.counts(report)
    shown = [("all", "all", sum(number.values()))]
    shown += [(outcome.value, word, number[outcome]) for outcome, word in WORDS.items() if number[outcome]]
    areas = [("all", "everywhere", None)] + [(_slug(area), area, None) for area in summary.by_area(report.checks)]
    return f"""<nav aria-label="Filters">
<div class="choices" role="group" aria-label="Outcome">{_radios("outcome", shown)}</div>
<div class="choices" role="group" aria-label="Area">{_radios("area", areas)}</div>
<input id="search" type="search" placeholder="Search claims" aria-label="Search claims" hidden>
</nav>"""


def _radios(name: str, choices: Iterable[tuple[str, str, int | None]]) -> str:
    return "".join(
        f'<input type="radio" name="{name}" id="{name}-{value}"{" checked" if value == "all" else ""}>'
        f'<label for="{name}-{value}">{escape(word)}{"" if count is None else f" <i>{count}</i>"}</label>'
        for value, word, count in choices
    )


def _area_rules(report: Report) -> str:
    """Which checks each area's button hides."""
    areas = map(_slug, summary.by_area(report.checks))
    return "".join(f'main:has(#area-{a}:checked) .check:not([data-area="{a}"]) {{ display: none }}\n' for a in areas)


def _sections(report: Report) -> Iterable[str]:
    drifted = summary.having(report, Outcome.DRIFTED)
    if drifted:
        yield _section("drifted", "Drifted", "".join(_drifted(check, first=i < 3) for i, check in enumerate(drifted)))
    yield from _answers(report)
    groups = summary.by_reason(report)
    if groups:
        yield _section("unchecked", "Could not be checked", "".join(_group(*group) for group in groups.items()))
    holding = summary.by_area(summary.having(report, Outcome.HOLDS))
    if holding:
        yield _section("holds", "Holds", "".join(_group(area, checks) for area, checks in holding.items()))


def _section(kind: str, title: str, inside: str) -> str:
    return f'<section class="{kind}"><h2>{title}</h2>\n{inside}</section>\n'


def _drifted(check: CheckResult, *, first: bool) -> str:
    failure = _failure(check.failure) if check.failure else ""
    state = " open" if first else ""
    return f"""<details class="check drifted" data-area="{_slug(check.area)}"{state}>
<summary><span>{escape(check.title)}</span><small>{escape(check.area)}</small></summary>
<div class="inside">
{_from(check)}
{failure}
</div>
</details>
"""


def _from(check: CheckResult) -> str:
    detail = f"{escape(check.detail)} · " if check.detail and check.detail != check.source else ""
    retry = f" · tried twice, because of {escape(check.retry.because)}" if check.retry else ""
    earlier = " · from the run before" if check.earlier else ""
    parity = escape(f"{check.parity.replace('_', ' ')}: {check.source}")
    return f'<p class="source">{detail}{parity} · <code>{escape(check.id)}</code>{retry}{earlier}</p>'


def _failure(failure: Failure) -> str:
    parts = [f'<p class="claim">{escape(failure.claim)}</p>'] if failure.claim else []
    if failure.expected is None:
        parts.append(f"<pre>{escape(failure.message)}</pre>")
    else:
        parts.append(
            f'<div class="pair"><div><h4>expected</h4><pre>{escape(failure.expected)}</pre></div>'
            f"<div><h4>seen</h4><pre>{escape(failure.seen or '')}</pre></div></div>"
        )
    if failure.call:
        parts.append(f'<div class="curl"><h4>the call</h4><pre>{escape(failure.call.curl)}</pre></div>')
    if failure.calls:
        calls = "".join(map(_call, failure.calls))
        parts.append(
            f'<details class="calls"><summary>Calls of this check ({len(failure.calls)})</summary>{calls}</details>'
        )
    if failure.where:
        parts.append(f'<p class="source"><code>{escape(failure.where)}</code></p>')
    return "\n".join(parts)


def _call(call: ReportedCall) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in call.headers.items())
    line = f"{escape(call.method)} {escape(call.path)}"
    return f"""<details class="call"><summary><code>{line}</code> <b>{call.status}</b>
<small>{call.seconds:g} s</small></summary>
<pre>{escape(call.curl)}</pre><pre class="headers">{escape(headers)}</pre>
<pre>{escape(call.body) or "(no body)"}</pre></details>"""


def _answers(report: Report) -> Iterable[str]:
    rows = summary.answered(report)
    if not rows:
        return
    body = "".join(
        f'<tr class="check {check.outcome.value}" data-area="{_slug(check.area)}">'
        f"<td>{escape(', '.join(answer.rows))}</td><td>{escape(check.title)}</td>"
        f"<td><code>{escape(shown_value(answer.seen))}</code></td>"
        f"<td>{_decided(answer)}</td></tr>\n"
        for check, answer in rows
    )
    head = "<tr><th>#</th><th>question</th><th>seen</th><th>decided</th></tr>"
    yield _section("answered", "Open questions", f'<div class="wide"><table>{head}\n{body}</table></div>')


def _decided(answer: ReportedAnswer) -> str:
    if answer.agrees:
        return '<span class="badge same">the same</span>'
    return f'<span class="badge other">otherwise</span> <code>{escape(shown_value(answer.decided))}</code>'


def _group(name: str, checks: list[CheckResult]) -> str:
    rows = "".join(
        f'<li class="check {check.outcome.value}" data-area="{_slug(check.area)}">'
        f"<span>{escape(check.title)}</span>{_from(check)}</li>\n"
        for check in checks
    )
    return f'<details class="group"><summary>{escape(name)} <i>{len(checks)}</i></summary><ul>{rows}</ul></details>\n'


def _slug(area: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in area) or "-"


def _asset(name: str) -> str:
    return (files("ovs_contracts.report") / name).read_text()
