"""``ovs-contracts clean-up``."""

from pathlib import Path

import click

from ovs_contracts.commands.shared import CA_BUNDLE, CannotCheckError, MisuseError


@click.command("clean-up")
@click.option("--target", default="live", show_default=True, metavar="live|URL", help="Where streams were left behind.")
@CA_BUNDLE
def clean_up(target: str, ca_bundle: Path | None) -> None:
    """End streams that an earlier run left behind.

    Every run does so first. This is for one that was killed and has no successor. It ends with 3 when some are left.
    """
    from ovs_contracts.launching.tidying import tidied
    from ovs_contracts.targets.target import TargetError, UnavailableError

    try:
        cleaned = tidied(target, ca_bundle)
    except UnavailableError as error:
        raise CannotCheckError(str(error)) from None
    except TargetError as error:
        raise MisuseError(str(error)) from None
    click.echo(cleaned or "nothing was left behind")
    if cleaned.left:
        raise CannotCheckError(f"{cleaned.left} streams are left")
