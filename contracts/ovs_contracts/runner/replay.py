"""Recordings held against a target."""

from collections.abc import Sequence
from pathlib import Path

import httpx

from ovs_contracts.client.preflight import looked_at
from ovs_contracts.differential.difference import Difference
from ovs_contracts.recordings.replay import check_recording
from ovs_contracts.runner.launch import ends_when_told
from ovs_contracts.targets.choice import chosen
from ovs_contracts.targets.target import TargetError, UnavailableError


def transcripts(paths: Sequence[Path]) -> list[Path]:
    """The files that were named, and those of the folders."""
    found = [each for path in paths for each in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    if not found:
        raise TargetError(f"{', '.join(map(str, paths))} holds no transcript: 'ovs-contracts run --record' writes some")
    return found


def replayed(path: Path, name: str, *, seed: int, drift: str | None, ca_bundle: Path | None) -> list[Difference]:
    """Where the target answers otherwise than a transcript says. Every one meets the target as it was at first."""
    with ends_when_told(), chosen(name, seed, drift, ca_bundle=ca_bundle) as target:
        if target.charges:
            raise TargetError(f"a recording is played to a mock, and {target.origin} charges money")
        looked_at(target)
        try:
            return check_recording(path, target)
        except httpx.TransportError as error:
            raise UnavailableError(f"{target.origin} went away: {type(error).__name__}: {error}") from None
