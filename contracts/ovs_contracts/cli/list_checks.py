"""``ovs-contracts list``."""

import json
from dataclasses import asdict
from typing import Any

import click

from ovs_contracts.cli.shared import AREAS, EXPRESSION, known, told_apart


@click.command("list")
@AREAS
@EXPRESSION
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def listing(areas: tuple[str, ...], expression: str | None, *, as_json: bool) -> None:
    """Show what is claimed: each check, how far it is known to be true, and what it needs."""
    from ovs_contracts.runner.collect import collected

    known(areas)
    with told_apart():
        found = collected(areas, expression)
    if as_json:
        click.echo(json.dumps([asdict(check) for check in found], indent=2))
    else:
        click.echo(_text(found))


def _text(found: list[Any]) -> str:
    lines: list[str] = []
    for area in sorted({check.area for check in found}):
        inside = [check for check in found if check.area == area]
        lines += ["", click.style(f"{area} ({len(inside)} claims)", bold=True)]
        lines += [line for check in inside for line in _lines(check)]
    forms = sum(check.forms for check in found)
    return "\n".join([*lines[1:], "", f"{len(found)} claims, {forms} checks"])


def _lines(check: Any) -> list[str]:
    needs = [*check.needs]
    if check.waits_seconds:
        needs.append(f"{check.waits_seconds:g} s")
    if check.costs_cents:
        needs.append(f"{check.costs_cents:g} ¢")
    if check.streams > 1:
        needs.append(f"{check.streams} streams")
    told = f"{check.parity.replace('_', ' ')}: {check.source}" + (f" · needs {', '.join(needs)}" if needs else "")
    return [f"  {check.claim}", click.style(f"    {told}", dim=True)]
