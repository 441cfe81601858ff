"""``ovs-contracts diff``."""

import json
from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import (
    BUDGET,
    CA_BUNDLE,
    JSON,
    MAX_STREAMS,
    SEED,
    difference_to_json,
    errors_as_exit_codes,
)


@click.command()
@click.option("--target", required=True, metavar="mock|live|URL", help="A: the target that is taken for right.")
@click.option("--against", required=True, metavar="mock|live|URL", help="B: the target that is compared with it.")
@click.option("--length", type=click.IntRange(min=1), default=200, show_default=True, help="How many steps.")
@click.option("--ask-models", is_flag=True, help="Ask models too where that costs money.")
@SEED
@BUDGET
@MAX_STREAMS
@CA_BUNDLE
@JSON
@click.pass_context
def diff(context: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Do the same at two targets, and show where they differ.

    The seed generates calls, video and waiting. Ids and times that always differ are compared by name and by distance.
    Ends with 0 when the targets agree, and with 1 when they do not.
    """
    with errors_as_exit_codes():
        comparison = _compare(**options)
    if as_json:
        click.echo(json.dumps([difference_to_json(each) for each in comparison.differences], indent=2))
    else:
        _print(comparison)
    context.exit(1 if comparison.differences else 0)


def _compare(*, target: str, against: str, length: int, ask_models: bool, ca_bundle: Path | None, **more: Any) -> Any:
    from ovs_contracts.runner.commands import compare_targets
    from ovs_contracts.runner.options import Options
    from ovs_contracts.runner.progress import TrialProgress

    options = Options(target=target, ca_bundle=ca_bundle, by_command=True, **more)
    with TrialProgress("steps") as progress:

        def finish_step(done: int, _: object) -> None:
            progress.finish_step(done, length)

        return compare_targets(options, against, length=length, ask_models=ask_models, progress=finish_step)


def _print(comparison: Any) -> None:
    for difference in comparison.differences:
        click.echo(f"{difference}\n")
    for note in comparison.notes:
        click.echo(f"note: {note}")
    if comparison.cents:
        click.echo(f"spent about {comparison.cents:.2f} cents")
    number = len(comparison.differences)
    click.echo(f"{number} difference{'' if number == 1 else 's'}" if number else "No difference was found")
