"""``ovs-contracts run``."""

from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import (
    AREAS,
    BUDGET,
    CA_BUNDLE,
    DRIFT,
    EXPRESSION,
    MAX_STREAMS,
    SEED,
    known,
    told_apart,
    writable,
)


@click.command()
@click.option(
    "--target",
    default="mock",
    show_default=True,
    metavar="mock|live|URL",
    help="mock starts one; live is production, with the key in OVERSHOOT_API_KEY; else where a server is.",
)
@AREAS
@EXPRESSION
@SEED
@click.option("--cases", type=click.IntRange(min=1), metavar="N", help="Generated cases of each check that has them.")
@BUDGET
@click.option(
    "--max-wait",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Longest real wait of one check, where no clock can be moved.",
)
@MAX_STREAMS
@click.option(
    "--report", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write the report there."
)
@click.option(
    "--record",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write redacted transcripts there, for 'ovs-contracts replay'.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@DRIFT
@CA_BUNDLE
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the verdict.")
@click.pass_context
def run(context: click.Context, /, **choices: Any) -> None:
    """Check a server against the contract.

    Ends with 0 when the contract holds, 1 when the server drifted from it, 2 when the command was wrong, and 3 when
    nothing can be said: no server, no money left, no check made.
    """
    from ovs_contracts.report import summary

    context.exit(summary.EXIT_CODES[summary.verdict(_made(**choices))])


def _made(*, areas: tuple[str, ...], expression: str | None, quiet: bool, **chosen: Any) -> Any:
    from ovs_contracts.report.files import write
    from ovs_contracts.runner import closing_output, progress
    from ovs_contracts.runner.launch import launch
    from ovs_contracts.runner.options import Options

    known(areas)
    # Before anything is spent on what could not be written down.
    for folder in filter(None, (chosen["report"], chosen["record"])):
        writable(folder)
    options = Options(**chosen, by_command=True)
    with progress.console() as console, told_apart():
        with progress.watching(console, quiet=quiet) as listener:
            report = launch(options, listener, only=areas, expression=expression)
        paths = write(report, options.report) if options.report else []
        closing_output.say(report, console, paths, quiet=quiet)
    return report
