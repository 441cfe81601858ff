"""What all tenants of one server share."""

from dataclasses import dataclass

from ovs_mock.api.version import ApiVersion
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.runtime.livekit_tokens import LiveKitTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerContext:
    """The settings of one server, and its API versions."""

    tokens: LiveKitTokens
    versions: tuple[ApiVersion, ...]
    """The versions that the server has, with the changes of its mutant."""
    host: str
    public_url: str | None
    open_control: bool
    mutant: Mutant
