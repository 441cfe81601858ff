"""What a drift is: a name, a sentence about what deviates, and the places where it steps in.

Drifts are the same for all mocks. What one of them has to remember lives in the objects that its hooks make for a mock
or a request, or in ``Asked.memory``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ovs_mock.api.chat.version import ApiVersion
from ovs_mock.api.message_filter import MessageFilter
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.settings import Settings
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.runtime.livekit_tokens import LiveKitTokens

T = TypeVar("T")

Headers = Callable[[MutantRequest], Mapping[str, str | None]]
Instead = Callable[[MutantRequest], MutantResponse | None]
Carrier = Callable[[MutantRequest], MessageFilter | None]
Answer = Callable[[MutantRequest, MutantResponse], None]


def _same(value: T) -> T:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One deviation. Each hook is called for one mock or one request; those that are left out do nothing."""

    name: str
    area: str
    """What of the API it is about, ``v02/socket``."""
    says: str
    """What the mock then does, in a few words."""
    settings: Callable[[Settings], Settings] = _same
    dialect: Callable[[ApiVersion], ApiVersion] = _same
    engine: Callable[[Settings], Engine] = Engine
    tokens: Callable[[str, str], LiveKitTokens] = LiveKitTokens
    headers: Headers | None = None
    """Headers that a request arrives with, ``None`` for one that is lost; others stay."""
    instead: Instead | None = None
    """An answer that is given without asking the mock."""
    message_filter: Carrier | None = None
    """Who carries the request's body and what is sent piece by piece."""
    answer: Answer | None = None
    """Changes an answer: all of it, or the status and headers alone of one that is sent piece by piece."""

    @property
    def meets_requests(self) -> bool:
        """Whether it steps in between clients and the mock, and not only inside."""
        return any((self.headers, self.instead, self.message_filter, self.answer))


NO_DRIFT = Mutant(name="none", area="", says="does what the API does")
