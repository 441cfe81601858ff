"""The effects that a session requests, as a closed union."""

from dataclasses import dataclass
from typing import TypeAlias

from livekit.protocol import rtc


@dataclass(frozen=True, slots=True)
class Send:
    """Send this to the client."""

    message: rtc.SignalResponse


@dataclass(frozen=True, slots=True)
class AnswerOffer:
    """Answer an offer for the connection that the client publishes on; come back with ``answered``."""

    sdp: str
    id: int


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """Make an offer for the connection that the client subscribes on; come back with ``offered``."""


@dataclass(frozen=True, slots=True)
class AcceptAnswer:
    """The client's answer to the offer that was made."""

    sdp: str


@dataclass(frozen=True, slots=True)
class AddCandidate:
    """A candidate of the client's for one of the two connections."""

    candidate: str
    to_subscriber: bool


@dataclass(frozen=True, slots=True)
class Finish:
    """The session has ended: close the socket and the connections."""


Output: TypeAlias = Send | AnswerOffer | MakeOffer | AcceptAnswer | AddCandidate | Finish
