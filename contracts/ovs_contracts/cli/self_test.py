"""``ovs-contracts self-test``."""

import json
from dataclasses import asdict
from typing import Any

import click

from ovs_contracts.cli.shared import AREAS, JSON, SEED, CannotCheckError, UsageError


@click.command("self-test")
@click.argument("names", nargs=-1, metavar="[MUTANT]…")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Runs at a time.  [default: one a processor]")
@AREAS
@SEED
@click.option("--list", "as_list", is_flag=True, help="List the mutants, and test none.")
@JSON
@click.pass_context
def self_test(context: click.Context, /, *, as_list: bool, as_json: bool, **options: Any) -> None:
    """Test the suite: run it against mutants, mocks that differ from the API in one small point each.

    Ends with 0 when a check noticed every mutant, 1 when one survived, and 3 when a test was inconclusive.
    """
    from ovs_contracts.mutation.results import NoSuchMutantError, SelfTestError

    try:
        if as_list:
            _list(options["names"], as_json=as_json)
            return
        result = _test(**options)
    except NoSuchMutantError as error:
        raise UsageError(str(error)) from None
    except SelfTestError as error:
        raise CannotCheckError(str(error)) from None
    if as_json:
        click.echo(json.dumps(asdict(result), indent=2))
    else:
        _print(result)
    context.exit(1 if result.survivors else 3 if not result.passed else 0)


def _list(names: tuple[str, ...], *, as_json: bool) -> None:
    from ovs_contracts.mutation.catalogue import mutants

    found = mutants(names or None)
    if as_json:
        click.echo(json.dumps([asdict(mutant) for mutant in found], indent=2))
        return
    width = max(len(mutant.name) for mutant in found)
    for mutant in found:
        click.echo(f"{mutant.name:<{width}}  {mutant.description}")
    click.echo(f"{len(found)} mutants", err=True)


def _test(*, names: tuple[str, ...], jobs: int | None, areas: tuple[str, ...], seed: int) -> Any:
    from ovs_contracts.mutation.self_test import run_self_test
    from ovs_contracts.runner.progress import TrialProgress

    with TrialProgress("the unchanged mock") as progress:
        return run_self_test(names or None, jobs, seed, progress.finish_trial, areas=areas)


def _print(result: Any) -> None:
    """The survivors and inconclusive trials, and the share of mutants that was noticed."""
    for title, trials in (("survived", result.survivors), ("inconclusive", result.inconclusive)):
        if trials:
            click.echo(f"\n{len(trials)} {title}:")
        for trial in trials:
            message = f"\n      {trial.message}" if trial.message else ""
            click.echo(f"  {click.style(trial.mutant.name, bold=True)}  {trial.mutant.description}{message}")
    click.echo(
        f"\n{len(result.killed)} of {len(result.trials)} mutants noticed ({result.kill_rate:.1%}), "
        f"by {result.control_checks} checks, in {result.seconds:.0f} s"
    )
