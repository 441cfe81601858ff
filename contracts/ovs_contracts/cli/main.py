"""``ovs-contracts``."""

import sys

import click

from ovs_contracts.cli.clean_up import clean_up
from ovs_contracts.cli.diff import diff
from ovs_contracts.cli.list_checks import list_checks
from ovs_contracts.cli.openapi import openapi
from ovs_contracts.cli.replay import replay
from ovs_contracts.cli.run import run
from ovs_contracts.cli.self_test import self_test


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(
    None, "-V", "--version", package_name="ovs-mock", prog_name="ovs-contracts", message="%(prog)s %(version)s"
)
def cli() -> None:
    """Check the contract of the Overshoot API against the mock, production, or any other server."""


for command in (run, list_checks, diff, replay, self_test, openapi, clean_up):
    cli.add_command(command)


def main() -> None:
    """Run the command line. A mistake of the user ends in a line on standard error, never in a traceback."""
    try:
        status = cli.main(standalone_mode=False, prog_name="ovs-contracts")
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ovs-contracts"
        click.echo(f"{command}: {error.format_message()} (see '{command} --help')", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"ovs-contracts: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(3)
    except ModuleNotFoundError as error:
        click.echo(f"ovs-contracts: {error.name} is missing: pip install 'ovs-mock[contracts]'", err=True)
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)
