"""What several commands take, and how they fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

CA_BUNDLE = click.option(
    "--ca-bundle",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificates to trust, for a target with a private authority.  [default: SSL_CERT_FILE]",
)
SEED = click.option("--seed", type=int, default=1, show_default=True, help="Seed of the mock and of generated cases.")

BUDGET = click.option(
    "--budget-cents",
    type=click.FloatRange(min=0, min_open=True),
    metavar="CENTS",
    help="What may be spent at most. A target that charges is not called without.",
)
MAX_STREAMS = click.option(
    "--max-streams",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Streams at a time, where they cost money.",
)
DRIFT = click.option("--drift", metavar="NAME", help="Let the mock that is started deviate in this way.")
AREAS = click.option("--only", "areas", multiple=True, metavar="AREA", help="An area of the suite; may be repeated.")
EXPRESSION = click.option("-k", "expression", metavar="EXPR", help="Checks whose names match, as pytest's -k.")


class CannotCheckError(click.ClickException):
    """Nothing can be said about the target."""

    exit_code = 3


class UsageError(click.ClickException):
    """What was asked cannot be done so; the message says what to do."""

    exit_code = 2


@contextmanager
def told_apart() -> Iterator[None]:
    """Mistakes of the user, and targets of which nothing can be said, each with its status."""
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


def known(areas: tuple[str, ...]) -> None:
    """A mistake of the user when the suite has no such area."""
    from ovs_contracts.runner.areas import areas as there

    names = there()
    for area in areas:
        if area not in names:
            raise click.BadParameter(
                f"{area!r} is no area of the suite: it has {', '.join(names)}", param_hint="--only"
            )


def writable(folder: Path) -> None:
    """A mistake of the user when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None


def shown_difference(difference: Any) -> dict[str, Any]:
    """As JSON. A is the target that is taken for right, or what was recorded."""
    from ovs_contracts.report.encode import shown_text, shown_value

    return {
        "step": shown_text(str(difference.step)),
        "place": difference.place,
        "a": shown_value(difference.expected),
        "b": shown_value(difference.seen),
        "before": [shown_text(str(step)) for step in difference.before],
        "curl_a": shown_text(difference.curl_a),
        "curl_b": shown_text(difference.curl_b),
    }
