"""Writes a report into a folder."""

import json
from pathlib import Path

from ovs_contracts.report import junit, markdown, page, summary
from ovs_contracts.report.model import Report, plain


def write(report: Report, folder: Path) -> list[Path]:
    """``report.md``, ``report.html``, ``report.json`` and ``report.xml``; where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = {
        "report.html": page.document(report),
        "report.md": markdown.document(report),
        "report.json": as_json(report),
        "report.xml": junit.document(report),
    }
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in documents]


def as_json(report: Report) -> str:
    """The dump of a report, and what it comes to."""
    told = {"verdict": summary.verdict(report).value, "headline": summary.headline(report)}
    number = {outcome.value: count for outcome, count in summary.counts(report).items()}
    shown = plain(report)
    version = shown.pop("schema_version")
    return json.dumps({"schema_version": version, **told, "counts": number, **shown}, indent=2, ensure_ascii=False)
