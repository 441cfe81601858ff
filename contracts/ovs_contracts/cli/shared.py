"""Options that several commands have, and errors as exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


class CannotCheckError(click.ClickException):
    """The command found nothing out about the target."""

    exit_code = 3


class UsageError(click.ClickException):
    """The command cannot be executed with these options; the message says what to do."""

    exit_code = 2


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn mistakes of the user into status 2, and targets that could not be checked into status 3."""
    from ovs_contracts.recordings.entries import RecordingError
    from ovs_contracts.runner.launch import LaunchError
    from ovs_contracts.safety.state_folder import StateFolderError
    from ovs_contracts.targets.target import TargetError, UnavailableError

    try:
        yield
    except UnavailableError as error:
        raise CannotCheckError(f"could not check: {error}") from None
    except (TargetError, StateFolderError, LaunchError, RecordingError) as error:
        raise UsageError(str(error)) from None


def require_writable(folder: Path) -> None:
    """Raise a UsageError when nothing can be written to a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None


def difference_to_json(difference: Any) -> dict[str, Any]:
    """A difference as JSON. A is the target that is taken for right, or the recording."""
    from ovs_contracts.report.encode import redacted_text, value_text

    return {
        "step": redacted_text(str(difference.step)),
        "place": difference.place,
        "a": value_text(difference.expected),
        "b": value_text(difference.seen),
        "before": [redacted_text(str(step)) for step in difference.before],
        "curl_a": redacted_text(difference.curl_a),
        "curl_b": redacted_text(difference.curl_b),
    }


def _check_areas(context: click.Context, parameter: click.Parameter, areas: tuple[str, ...]) -> tuple[str, ...]:
    if areas:
        from ovs_contracts.runner import checks

        names = checks.areas()
        for area in set(areas).difference(names):
            raise click.BadParameter(
                f"{area!r} is no area of the suite: it has {', '.join(names)}", param_hint="--only"
            )
    return areas


AREAS = click.option(
    "--only",
    "areas",
    multiple=True,
    metavar="AREA",
    callback=_check_areas,
    help="An area of the suite; may be repeated.",
)
EXPRESSION = click.option(
    "-k", "expression", metavar="EXPR", help="Only checks whose names match, in the syntax of pytest's -k."
)
SEED = click.option("--seed", type=int, default=1, show_default=True, help="Seed of the mock and of generated cases.")
MUTANT = click.option("--mutant", metavar="NAME", help="Start the mock with this deviation from the API.")
BUDGET = click.option(
    "--budget-cents",
    type=click.FloatRange(min=0, min_open=True),
    metavar="CENTS",
    help="The most that may be spent. Required for a target that charges.",
)
MAX_STREAMS = click.option(
    "--max-streams",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Streams at a time, where they cost money.",
)
CA_BUNDLE = click.option(
    "--ca-bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificates to trust, for a target with a private authority.  [default: SSL_CERT_FILE]",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
