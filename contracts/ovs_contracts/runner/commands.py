"""What ``ovs-contracts clean-up``, ``diff`` and ``replay`` do: they call a target without the suite."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from ovs_contracts.client.preflight import read_target_facts
from ovs_contracts.client.session import open_session
from ovs_contracts.differential.compare import compare
from ovs_contracts.differential.difference import Difference
from ovs_contracts.recordings.replay import check_recording
from ovs_contracts.runner.launch import interrupt_on_signals
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.run import Run
from ovs_contracts.safety.cleanup import CleanupResult, clean_up
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.safety.state_folder import state_folder
from ovs_contracts.targets.choice import open_target
from ovs_contracts.targets.target import TargetError, UnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """The differences between two targets, and what it cost to find them."""

    differences: tuple[Difference, ...]
    cents: float
    notes: tuple[str, ...]


def clean_up_target(name: str, ca_bundle: Path | None) -> CleanupResult:
    """End the streams that earlier runs left on a target."""
    if name == "mock":
        raise TargetError("a mock that a run starts itself leaves nothing behind: give live, or a URL")
    with open_target(name, ca_bundle=ca_bundle) as target:
        read_target_facts(target)
        keys = [key for key in (target.api_key, target.second_key) if key]
        with open_session(target) as session:
            return clean_up(state_folder(), target.origin, keys, session.delete)


def compare_targets(
    options: Options, against: str, *, length: int, ask_models: bool, progress: Callable[[int, object], None]
) -> ComparisonResult:
    """Do the same at the target of the options and at another, within the budget and limits of the options.

    Raises:
        TargetError: A target cannot be used with these options.
        UnavailableError: The comparison ended early.
    """
    runs = [Run(each, resumable=False) for each in (options, replace(options, target=against))]
    with ExitStack() as stack, interrupt_on_signals():
        for run in runs:
            stack.enter_context(run)
        try:
            differences = compare(
                runs[0].session,
                runs[1].session,
                seed=options.seed,
                length=length,
                max_streams=options.max_streams,
                ask_models=ask_models,
                progress=progress,
            )
        except NotAllowedError as refusal:
            raise UnavailableError(f"stopped before the end: {refusal.reason}") from None
        except httpx.TransportError as error:
            raise UnavailableError(f"a target went away: {type(error).__name__}: {error}") from None
    return ComparisonResult(
        differences=tuple(differences),
        cents=sum(run.spent_cents or 0.0 for run in runs),
        notes=tuple(note for run in runs for note in run.notes),
    )


def transcripts(paths: Sequence[Path]) -> list[Path]:
    """The files among these paths, and the transcripts in the folders among them."""
    found = [each for path in paths for each in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not found:
        raise TargetError(f"{', '.join(map(str, paths))} holds no transcript: 'ovs-contracts run --record' writes some")
    return found


def replay_transcript(
    path: Path, name: str, *, seed: int, mutant: str | None, ca_bundle: Path | None
) -> list[Difference]:
    """Where a target answers otherwise than a transcript says. A mock is started anew for each transcript."""
    with interrupt_on_signals(), open_target(name, seed, mutant, ca_bundle=ca_bundle) as target:
        if target.charges:
            raise TargetError(f"a recording is played to a mock, and {target.origin} charges money")
        read_target_facts(target)
        try:
            return check_recording(path, target)
        except httpx.TransportError as error:
            raise UnavailableError(f"{target.origin} went away: {type(error).__name__}: {error}") from None
