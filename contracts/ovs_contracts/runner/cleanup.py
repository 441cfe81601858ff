"""Ends what runs left behind, without a run."""

from pathlib import Path

from ovs_contracts.client.preflight import looked_at
from ovs_contracts.client.session import opened
from ovs_contracts.safety.cleanup import CleanupResult, clean_up
from ovs_contracts.safety.state_folder import state_folder
from ovs_contracts.targets.choice import chosen
from ovs_contracts.targets.target import TargetError


def tidied(name: str, ca_bundle: Path | None) -> CleanupResult:
    """How many streams of earlier runs against this target were ended."""
    if name == "mock":
        raise TargetError("a mock that a run starts itself leaves nothing behind: give live, or a URL")
    with chosen(name, ca_bundle=ca_bundle) as target:
        looked_at(target)
        keys = [key for key in (target.api_key, target.second_key) if key]
        with opened(target) as session:
            return clean_up(state_folder(), target.origin, keys, session.delete)
