"""What several commands take, and how they fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

CA_BUNDLE = click.option(
    "--ca-bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificates to trust, for a target with a private authority.  [default: SSL_CERT_FILE]",
)
SEED = click.option("--seed", type=int, default=1, show_default=True, help="Seed of the mock and of generated cases.")


class CannotCheckError(click.ClickException):
    """Nothing can be said about the target."""

    exit_code = 3


class MisuseError(click.ClickException):
    """What was asked cannot be done so; the message says what to do."""

    exit_code = 2
