"""``ovs-contracts replay``."""

import json
from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import CA_BUNDLE, JSON, MUTANT, SEED, difference_to_json, errors_as_exit_codes


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE|FOLDER…")
@click.option("--target", default="mock", show_default=True, metavar="mock|URL", help="The mock to compare with.")
@SEED
@MUTANT
@CA_BUNDLE
@JSON
@click.pass_context
def replay(context: click.Context, /, *, files: tuple[Path, ...], target: str, as_json: bool, **options: Any) -> None:
    """Compare a mock with recordings that 'ovs-contracts run --record' made, of production for example.

    The mock gets the recorded calls at the recorded times of its clock. Ends with 0 when it answers as the recorded
    server did, and with 1 when it does not. Nothing but the mock is called.
    """
    from ovs_contracts.runner.commands import replay_transcript, transcripts

    with errors_as_exit_codes():
        found = [(path, replay_transcript(path, target, **options)) for path in transcripts(files)]
    if as_json:
        rows = {str(path): [difference_to_json(each) for each in differences] for path, differences in found}
        click.echo(json.dumps(rows, indent=2))
    else:
        for path, differences in found:
            _print(path, differences)
    context.exit(1 if any(differences for _, differences in found) else 0)


def _print(path: Path, differences: list[Any]) -> None:
    for difference in differences:
        click.echo(f"{difference}\n")
    number = len(differences)
    click.echo(f"{path}: {number or 'no'} difference{'' if number == 1 else 's'}")
