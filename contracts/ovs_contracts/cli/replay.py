"""``ovs-contracts replay``."""

import json
from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import CA_BUNDLE, DRIFT, SEED, shown_difference, told_apart


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE|FOLDER…")
@click.option("--target", default="mock", show_default=True, metavar="mock|URL", help="The mock that is to answer.")
@SEED
@DRIFT
@CA_BUNDLE
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def replay(context: click.Context, /, *, files: tuple[Path, ...], as_json: bool, **choices: Any) -> None:
    """Hold a mock against what was recorded with 'ovs-contracts run --record', of production for example.

    The same is said to it, at the same moments of its clock. Ends with 0 when it answers as the recorded server did,
    and with 1 when it does not. Nothing is called but the mock.
    """
    with told_apart():
        found = _found(files, **choices)
    if as_json:
        click.echo(json.dumps({str(path): [shown_difference(each) for each in some] for path, some in found}, indent=2))
    else:
        for path, some in found:
            _say(path, some)
    context.exit(1 if any(some for _, some in found) else 0)


def _found(files: tuple[Path, ...], *, target: str, **choices: Any) -> list[tuple[Path, list[Any]]]:
    from ovs_contracts.runner.replay import replayed, transcripts

    return [(path, replayed(path, target, **choices)) for path in transcripts(files)]


def _say(path: Path, differences: list[Any]) -> None:
    for difference in differences:
        click.echo(f"{difference}\n")
    number = len(differences)
    click.echo(f"{path}: {number or 'no'} difference{'' if number == 1 else 's'}")
