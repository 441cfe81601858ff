"""The command line: ``ovs-mock serve``, ``ovs-mock mutants`` and ``ovs-mock demo``."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import click

from ovs_mock import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="ovs-mock")
def cli() -> None:
    """A mock of the Overshoot real-time video API: receives real video, decodes it, needs no account and no credits."""


def _known_mutant(_: click.Context, option: click.Parameter, name: str | None) -> str | None:
    if name is not None:
        from ovs_mock.mutants.registry import UnknownMutantError, get_mutant

        try:
            get_mutant(name)
        except UnknownMutantError as error:
            raise click.BadParameter(str(error), param=option) from None
    return name


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8787,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--public-url", metavar="URL", help="Base URL in answers, when clients reach the mock by another address."
)
@click.option(
    "--clock",
    type=click.Choice(["real", "running", "frozen"]),
    default="real",
    show_default=True,
    help="real: the machine's clock. running: runs with it and can be moved forward. frozen: only moves when told to.",
)
@click.option("--seed", type=int, help="Seed of ids and generated replies.  [default: random]")
@click.option(
    "--ttl",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="Lease of new streams.  [default: that of the API version]",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=0.15,
    show_default=True,
    metavar="SECONDS",
    help="Latency of an inference.",
)
@click.option(
    "--credits",
    "credits_cents",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="CENTS",
    help="Balance of a new account.",
)
@click.option("--api-key", "api_keys", multiple=True, metavar="KEY", help="API key to accept; may be repeated.")
@click.option("--strict-keys", is_flag=True, help="Reject keys that are not given with --api-key.")
@click.option(
    "--open-control", is_flag=True, help="Allow other machines and web pages to use the controls under /_mock."
)
@click.option(
    "--mutant",
    metavar="NAME",
    callback=_known_mutant,
    help="Deviate from the API on purpose; 'ovs-mock mutants' lists the names.",
)
@click.option(
    "--end-with-stdin", is_flag=True, help="Exit when standard input is closed, as when the parent process exits."
)
@click.option("--json", "as_json", is_flag=True, help="Write the banner and the log as JSON lines.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="Least severe level to log.",
)
def serve(**options: Any) -> None:
    """Serve the mock until Ctrl-C or SIGTERM."""
    asyncio.run(_serve(**options))


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
def mutants(*, as_json: bool) -> None:
    """List the mutants: named deviations from the API, for testing checks."""
    from ovs_mock.mutants.registry import MUTANTS

    rows = [
        {"name": mutant.name, "area": mutant.area, "description": mutant.description} for mutant in MUTANTS.values()
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    name, area = (max(len(row[column]) for row in rows) for column in ("name", "area"))
    for row in rows:
        click.echo(f"{row['name']:{name}}  {row['area']:{area}}  {row['description']}")


@cli.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of ids and replies.")
def demo(seed: int) -> None:
    """Publish real video, receive results and let a lease expire, in a few seconds."""
    from ovs_common.extras import MODULES, first_missing
    from ovs_mock.cli import demo as steps

    if missing := first_missing(*MODULES["media"], *MODULES["publish"]):
        raise click.ClickException(
            f"the demo needs the extras 'media' and 'publish' ({missing} is missing): "
            "pip install 'ovs-mock[media,publish]'"
        )
    asyncio.run(steps.run(seed))


def main() -> None:
    """Run the command line; a usage error is one line on standard error, with exit status 2."""
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "ovs-mock"
        click.echo(f"{command}: {error.format_message()} (see '{command} --help')", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"ovs-mock: {error.format_message()}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


async def _serve(as_json: bool, log_level: str, **choices: Any) -> None:  # noqa: FBT001
    from ovs_mock.cli import logs
    from ovs_mock.ingest.loading import load_webrtc
    from ovs_mock.server.server import MockServer

    logs.configure(as_json=as_json, level=log_level)
    host, port = choices["host"], choices["port"]
    server = MockServer(
        _settings(choices),
        clock=choices["clock"],
        host=host,
        port=port,
        public_url=choices["public_url"],
        open_control=choices["open_control"],
        mutant=choices["mutant"],
    )
    server.tenant.subscribe(logs.log_event)
    stop = _stop_signal()
    if choices["end_with_stdin"]:
        _stop_with_stdin(stop)
    try:
        await server.start()
    except OSError as error:
        hint = "choose another with --port (0 takes a free one)"
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}; {hint}") from None
    try:
        click.echo(json.dumps(_facts(server)) if as_json else _banner(server))
        if server.takes_video:
            await load_webrtc()
        await stop.wait()
    finally:
        await server.stop()


def _settings(choices: dict[str, Any]) -> Any:
    from ovs_mock.engine.settings import Settings

    return Settings(
        seed=choices["seed"],
        ttl_seconds=choices["ttl"],
        latency_seconds=choices["latency"],
        credits_cents=choices["credits_cents"],
        api_keys=choices["api_keys"],
        strict_keys=choices["strict_keys"],
    )


def _stop_signal() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _stop_with_stdin(stop: asyncio.Event) -> None:
    """Set the event when standard input is closed: also when the parent process was killed."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(0, 4096):
            loop.remove_reader(0)
            stop.set()

    try:
        loop.add_reader(0, read)
    except OSError:
        raise click.UsageError("--end-with-stdin needs a pipe as standard input, not a file") from None


def _facts(server: Any) -> dict[str, Any]:
    from ovs_mock.api.versions import VERSIONS

    return {
        "event": "started",
        "version": __version__,
        **{version.attribute: server.url + version.prefix for version in reversed(VERSIONS.values())},
        "billing": server.billing,
        "livekit_url": server.livekit_url,
        "api_key": server.api_key,
        "takes_video": server.takes_video,
    }


def _banner(server: Any) -> str:
    from ovs_mock.api.versions import VERSIONS

    facts = _facts(server)
    versions = "\n".join(f"    {version.name:9} {facts[version.attribute]}" for version in reversed(VERSIONS.values()))
    video = facts["livekit_url"] if facts["takes_video"] else "off: pip install 'ovs-mock[media]'"
    return f"""
  ovs-mock {__version__}, a mock of the Overshoot API

{versions}
    Billing   {facts["billing"]}
    LiveKit   {video}
    API key   {facts["api_key"]}

  Any key that begins with ovs- or ovs_ is valid and gets its own account. Ctrl-C stops the server.
"""
