"""Writes a report to a folder."""

import json
from pathlib import Path

from ovs_contracts.report import junit, markdown, page, summary
from ovs_contracts.report.model import Report, to_json


def write(report: Report, folder: Path) -> list[Path]:
    """Write ``report.html``, ``report.md``, ``report.json`` and ``report.xml``; returns their paths."""
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
    """The report as JSON, with its verdict, headline and counts."""
    row = to_json(report)
    first = {
        "schema_version": row.pop("schema_version"),
        "verdict": summary.verdict(report).value,
        "headline": summary.headline(report),
        "counts": {outcome.value: count for outcome, count in summary.counts(report).items()},
    }
    return json.dumps({**first, **row}, indent=2, ensure_ascii=False)
