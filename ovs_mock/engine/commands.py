"""Everything that can be asked of the engine, as a closed union."""

from dataclasses import dataclass, field

from ovs_mock.engine.frames import Picture
from ovs_mock.engine.inference import Answer, InferencePlan, JsonSchema
from ovs_mock.engine.stream import Source, StreamRules


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateStream:
    """Answered by StreamCreated."""

    key: str | None = field(repr=False)
    source: Source
    plan: InferencePlan
    rules: StreamRules
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class RenewLease:
    """Answered by LeaseRenewed."""

    key: str | None = field(repr=False)
    stream_id: str


@dataclass(frozen=True, slots=True)
class EndStream:
    """Answered by StreamEnded, or by AlreadyEnded."""

    key: str | None = field(repr=False)
    stream_id: str


@dataclass(frozen=True, slots=True)
class UpdatePrompt:
    """Answered by PromptUpdated."""

    key: str | None = field(repr=False)
    stream_id: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Reinfer:
    """Ask again about the clip of an earlier result. Answered by InferenceDue, and later by ReinferAnswered."""

    key: str | None = field(repr=False)
    result_id: str
    prompt: str
    model: str
    temperature: float | None = None
    max_output_tokens: int | None = None
    output_schema: JsonSchema | None = None


@dataclass(frozen=True, slots=True)
class GiveFeedback:
    """Answered by FeedbackGiven."""

    key: str | None = field(repr=False)
    stream_id: str
    rating: int
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenSocket:
    """Somebody connected to a stream's results and has yet to say who they are. Answered by nothing."""

    socket_id: str
    stream_id: str


@dataclass(frozen=True, slots=True)
class AuthenticateSocket:
    """The socket's first message; ``key=None`` when it held none. Answered by SocketAccepted or SocketRefused."""

    socket_id: str
    key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CloseSocket:
    """The socket is gone. Answered by nothing."""

    socket_id: str


@dataclass(frozen=True, slots=True)
class PublisherJoined:
    """A participant that may publish is in the stream's room."""

    stream_id: str
    identity: str
    token_expires_at: int


@dataclass(frozen=True, slots=True)
class PublisherLeft:
    """The participant left the room, on purpose or not."""

    stream_id: str
    identity: str


@dataclass(frozen=True, slots=True)
class FrameArrived:
    """A decoded frame, and the instant that it stands for."""

    stream_id: str
    at: int
    picture: Picture


@dataclass(frozen=True, slots=True)
class TransportLost:
    """The media connection of a webrtc source is gone."""

    stream_id: str


@dataclass(frozen=True, slots=True)
class HoldMedia:
    """The clock is about to be moved to ``until`` faster than these streams' frames can come."""

    stream_ids: frozenset[str]
    until: int


@dataclass(frozen=True, slots=True)
class AnswerInference:
    """A model has answered. Followed by ResultReady or ReinferAnswered once the answer's latency has passed."""

    inference_id: str
    answer: Answer


Command = (
    CreateStream
    | RenewLease
    | EndStream
    | UpdatePrompt
    | Reinfer
    | GiveFeedback
    | OpenSocket
    | AuthenticateSocket
    | CloseSocket
    | PublisherJoined
    | PublisherLeft
    | FrameArrived
    | TransportLost
    | HoldMedia
    | AnswerInference
)
