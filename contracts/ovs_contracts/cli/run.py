"""``ovs-contracts run``."""

from pathlib import Path
from typing import Any

import click

from ovs_contracts.cli.shared import (
    AREAS,
    BUDGET,
    CA_BUNDLE,
    EXPRESSION,
    MAX_STREAMS,
    MUTANT,
    SEED,
    errors_as_exit_codes,
    require_writable,
)

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option(
    "--target",
    default="mock",
    show_default=True,
    metavar="mock|live|URL",
    help="mock starts one; live is production, with the key in OVERSHOOT_API_KEY; otherwise the URL of a server.",
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
    help="Longest real wait of one check, where the clock cannot be moved.",
)
@MAX_STREAMS
@click.option("--report", type=FOLDER, metavar="DIR", help="Write the report there: HTML, Markdown, JSON and JUnit.")
@click.option(
    "--record", type=FOLDER, metavar="DIR", help="Write redacted transcripts there, for 'ovs-contracts replay'."
)
@click.option("--resume", is_flag=True, help="Continue a run that was interrupted.")
@MUTANT
@CA_BUNDLE
@click.option("-q", "--quiet", is_flag=True, help="Print only the verdict.")
@click.pass_context
def run(context: click.Context, /, **options: Any) -> None:
    """Check a server against the contract.

    Ends with 0 when the contract holds, 1 when the server drifted from it, 2 when the command was wrong, and 3 when
    the server could not be checked: it does not answer, no money is left, no check was executed.
    """
    from ovs_contracts.report import summary

    context.exit(summary.EXIT_CODES[summary.verdict(_run(**options))])


def _run(*, areas: tuple[str, ...], expression: str | None, quiet: bool, **more: Any) -> Any:
    from ovs_contracts.report import terminal
    from ovs_contracts.runner.launch import run_suite
    from ovs_contracts.runner.options import Options
    from ovs_contracts.runner.progress import open_console, progress_on

    options = Options(**more, by_command=True)
    # Before anything is spent on results that could not be written.
    for folder in filter(None, (options.report, options.record)):
        require_writable(folder)
    with open_console() as console, errors_as_exit_codes():
        with progress_on(console, quiet=quiet) as progress:
            report = run_suite(options, progress, areas=areas, expression=expression)
        page = str(options.report / "report.html") if options.report else None
        terminal.show(report, console, page=page, quiet=quiet)
    return report
