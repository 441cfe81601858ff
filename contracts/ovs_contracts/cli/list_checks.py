"""``ovs-contracts list``."""

import json
from dataclasses import asdict
from typing import Any

import click

from ovs_contracts.cli.shared import AREAS, EXPRESSION, JSON, errors_as_exit_codes


@click.command("list")
@AREAS
@EXPRESSION
@JSON
def list_checks(areas: tuple[str, ...], expression: str | None, *, as_json: bool) -> None:
    """List the claims: each check, how its claim is known to be true, and what the check needs."""
    from ovs_contracts.runner.launch import collect

    with errors_as_exit_codes():
        rows = _rows(collect(areas, expression))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        click.echo(_text(rows))


def _rows(checks: list[Any]) -> list[dict[str, Any]]:
    """A row for each check; the forms of a check count."""
    rows: dict[str, dict[str, Any]] = {}
    for check in checks:
        id_ = check.id.partition("[")[0]
        needs = [capability.name.lower() for capability in check.needs]
        row = rows.setdefault(id_, {**asdict(check), "id": id_, "needs": needs, "forms": 0})
        row.pop("variant", None)
        row["forms"] += 1
    return list(rows.values())


def _text(rows: list[dict[str, Any]]) -> str:
    lines: list[str] = []
    for area in sorted({row["area"] for row in rows}):
        inside = [row for row in rows if row["area"] == area]
        lines += ["", click.style(f"{area} ({len(inside)} claims)", bold=True)]
        lines += [line for row in inside for line in _lines(row)]
    forms = sum(row["forms"] for row in rows)
    return "\n".join([*lines[1:], "", f"{len(rows)} claims, {forms} checks"])


def _lines(row: dict[str, Any]) -> list[str]:
    needs = [*row["needs"]]
    if row["waits_seconds"]:
        needs.append(f"{row['waits_seconds']:g} s")
    if row["costs_cents"]:
        needs.append(f"{row['costs_cents']:g} ¢")
    if row["streams"] > 1:
        needs.append(f"{row['streams']} streams")
    parity = f"{row['parity'].replace('_', ' ')}: {row['source']}"
    details = parity + (f" · needs {', '.join(needs)}" if needs else "")
    return [f"  {row['claim']}", click.style(f"    {details}", dim=True)]
