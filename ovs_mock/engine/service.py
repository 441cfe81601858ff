"""The services that a mock offers. A stream belongs to one of them; ids do not cross over."""

from enum import Enum, auto


class Service(Enum):
    RESULTS = auto()
    """Results are pushed to whoever watches."""
    CHAT = auto()
    """Frames are asked about in chats."""
