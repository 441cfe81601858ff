"""``ovs-contracts self-test``."""

import json
from dataclasses import asdict
from typing import Any

import click

from ovs_contracts.cli.shared import AREAS, SEED, CannotCheckError, UsageError, known


@click.command("self-test")
@click.argument("names", nargs=-1, metavar="[DRIFT]…")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: one a processor]")
@AREAS
@SEED
@click.option("--list", "as_list", is_flag=True, help="Show the drifts, and try none.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def self_test(context: click.Context, /, *, as_list: bool, as_json: bool, **choices: Any) -> None:
    """Try whether the suite notices: run it against mocks that differ from the API, each in one small point.

    Ends with 0 when every drift was noticed, 1 when one survived, and 3 when some could not be tried.
    """
    known(choices["areas"])
    from ovs_contracts.mutation.results import NoSuchMutantError, SelfTestError

    try:
        if as_list:
            _list(choices["names"], as_json=as_json)
            return
        result = _tried(**choices)
    except NoSuchMutantError as error:
        raise UsageError(str(error)) from None
    except SelfTestError as error:
        raise CannotCheckError(str(error)) from None
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    else:
        _say(result)
    context.exit(1 if result.survivors else 3 if not result.passed else 0)


def _list(names: tuple[str, ...], *, as_json: bool) -> None:
    from ovs_contracts.mutation.catalogue import drifts

    found = drifts(names or None)
    if as_json:
        click.echo(json.dumps([asdict(drift) for drift in found], indent=2))
        return
    width = max(len(drift.name) for drift in found)
    for drift in found:
        click.echo(f"{drift.name:<{width}}  {drift.description}")
    click.echo(f"{len(found)} drifts", err=True)


def _tried(*, names: tuple[str, ...], jobs: int | None, areas: tuple[str, ...], seed: int) -> Any:
    from ovs_contracts.mutation.self_test import run_self_test
    from ovs_contracts.runner.counter import TrialProgress

    with TrialProgress("a mock without a drift") as tally:
        return run_self_test(names or None, jobs, seed, tally.tried, areas=areas)


def _say(result: Any) -> None:
    """The share that was noticed, and whatever was not."""
    for title, fates in (("survived", result.survivors), ("could not be tried", result.untried)):
        if fates:
            click.echo(f"\n{len(fates)} {title}:")
        for each in fates:
            why = f"\n      {each.message}" if each.message else ""
            click.echo(f"  {click.style(each.drift.name, bold=True)}  {each.drift.description}{why}")
    click.echo(
        f"\n{len(result.killed)} of {len(result.tried)} drifts were noticed ({result.kill_rate:.1%}), "
        f"by {result.control_checks} checks, in {result.seconds:.0f} s"
    )
