"""``ovs-contracts diff``."""

import json
from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import BUDGET, CA_BUNDLE, MAX_STREAMS, SEED, shown_difference, told_apart


@click.command()
@click.option("--target", required=True, metavar="mock|live|URL", help="A: the one that is taken for right.")
@click.option("--against", required=True, metavar="mock|live|URL", help="B: the one that is held against it.")
@click.option("--length", type=click.IntRange(min=1), default=200, show_default=True, help="How many steps.")
@click.option("--asking", is_flag=True, help="Ask models too, where that costs money.")
@SEED
@BUDGET
@MAX_STREAMS
@CA_BUNDLE
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def diff(context: click.Context, /, *, as_json: bool, **choices: Any) -> None:
    """Do the same at two targets, and show where they differ.

    Calls, video and time that goes by are generated from the seed; ids and instants that differ by nature are told by
    name. Ends with 0 when the targets agree, and with 1 when they do not.
    """
    with told_apart():
        compared = _compared(**choices)
    if as_json:
        click.echo(json.dumps([shown_difference(each) for each in compared.differences], indent=2))
    else:
        _say(compared)
    context.exit(1 if compared.differences else 0)


def _compared(*, target: str, against: str, length: int, asking: bool, ca_bundle: Path | None, **chosen: Any) -> Any:
    from ovs_contracts.runner.counter import TrialProgress
    from ovs_contracts.runner.options import Options
    from ovs_contracts.runner.target_pair import compared

    options = Options(target=target, ca_bundle=ca_bundle, by_command=True, **chosen)
    with TrialProgress("steps") as tally:
        return compared(
            options, against, length=length, asking=asking, progress=lambda done, _: tally.step(done, length)
        )


def _say(compared: Any) -> None:
    for difference in compared.differences:
        click.echo(f"{difference}\n")
    for note in compared.notes:
        click.echo(f"note: {note}")
    if compared.cents:
        click.echo(f"spent about {compared.cents:.2f} cents")
    number = len(compared.differences)
    click.echo(f"{number} difference{'' if number == 1 else 's'}" if number else "No difference was found")
