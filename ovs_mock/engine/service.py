"""The services that a mock offers. A stream belongs to one of them; ids do not cross over."""

from enum import Enum, auto


class Service(Enum):
    RESULTS = auto()
    """Results are pushed to subscribers."""
    CHAT = auto()
    """Clients ask about frames in chats."""
