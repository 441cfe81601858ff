"""A mutant: its name, a description of the deviation, and the hooks that cause it.

All mocks share one Mutant object. State belongs to what its hooks create for a mock or a request, or to
``MutantRequest.memory``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ovs_mock.api.chat.version import ChatVersion
from ovs_mock.api.message_filter import MessageFilter
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.settings import Settings
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.runtime.livekit_tokens import LiveKitTokens

T = TypeVar("T")

EditHeaders = Callable[[MutantRequest], Mapping[str, str | None]]
Override = Callable[[MutantRequest], MutantResponse | None]
MakeFilter = Callable[[MutantRequest], MessageFilter | None]
EditResponse = Callable[[MutantRequest, MutantResponse], None]


def _unchanged(value: T) -> T:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One deviation. Each hook is called for one mock or one request; a hook that is not set changes nothing."""

    name: str
    area: str
    """The part of the API that it is about, such as ``v02/socket``."""
    description: str
    """What the mock does wrong, in a few words."""
    settings: Callable[[Settings], Settings] = _unchanged
    chat_version: Callable[[ChatVersion], ChatVersion] = _unchanged
    engine: Callable[[Settings], Engine] = Engine
    tokens: Callable[[str, str], LiveKitTokens] = LiveKitTokens
    headers: EditHeaders | None = None
    """Returns request headers to replace, or to remove where the value is ``None``."""
    override: Override | None = None
    """Returns a response to send without calling the mock's handler, or ``None``."""
    message_filter: MakeFilter | None = None
    """Who carries the request's body and what is sent piece by piece."""
    response: EditResponse | None = None
    """Edits a response in place; of a streamed one, only the status and headers."""

    @property
    def intercepts_requests(self) -> bool:
        """Whether it edits requests or responses, and does not only change the mock's inside."""
        return any((self.headers, self.override, self.message_filter, self.response))


NO_MUTANT = Mutant(name="none", area="", description="does what the API does")
