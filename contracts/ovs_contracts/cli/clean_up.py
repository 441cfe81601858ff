"""``ovs-contracts clean-up``."""

from pathlib import Path

import click

from ovs_contracts.cli.shared import CA_BUNDLE, CannotCheckError, told_apart


@click.command("clean-up")
@click.option("--target", default="live", show_default=True, metavar="live|URL", help="Where streams were left behind.")
@CA_BUNDLE
def clean_up(target: str, ca_bundle: Path | None) -> None:
    """End streams that an earlier run left behind.

    Every run does so first. This is for one that was killed and has no successor. It ends with 3 when some are left.
    """
    from ovs_contracts.runner.cleanup import tidied

    with told_apart():
        cleaned = tidied(target, ca_bundle)
    click.echo(cleaned or "nothing was left behind")
    if cleaned.left:
        raise CannotCheckError(f"{cleaned.left} streams are left")
