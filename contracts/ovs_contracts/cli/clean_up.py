"""``ovs-contracts clean-up``."""

from pathlib import Path

import click

from ovs_contracts.cli.shared import CA_BUNDLE, CannotCheckError, errors_as_exit_codes


@click.command("clean-up")
@click.option("--target", default="live", show_default=True, metavar="live|URL", help="Where streams were left behind.")
@CA_BUNDLE
def clean_up(target: str, ca_bundle: Path | None) -> None:
    """End streams that an earlier run left behind.

    Every run does this first. Use it after a run that was killed, when no other run follows. Ends with 3 when some
    streams could not be ended.
    """
    from ovs_contracts.runner.commands import clean_up_target

    with errors_as_exit_codes():
        cleaned = clean_up_target(target, ca_bundle)
    click.echo(cleaned or "nothing was left behind")
    if cleaned.remaining:
        raise CannotCheckError(f"{cleaned.remaining} streams are left")
