"""The events of the engine, as a closed union. ``at`` is the instant of each, in microseconds."""

from enum import Enum, auto

from ovs_mock.engine.billing import Charge
from ovs_mock.engine.inference import Answer, Inference, Result, Usage
from ovs_mock.engine.limits import Allowance
from ovs_mock.engine.stream import EndReason, StreamState
from ovs_mock.util.records import record


@record(frozen=True, slots=True)
class StreamCreated:
    at: int
    stream_id: str
    lease: int


@record(frozen=True, slots=True)
class LeaseRenewed:
    """``balance`` in microcents, after the charge."""

    at: int
    stream_id: str
    lease: int
    charge: Charge
    balance: int
    state: StreamState


@record(frozen=True, slots=True)
class StreamEnded:
    """The charge is the last one."""

    at: int
    stream_id: str
    reason: EndReason
    charge: Charge


@record(frozen=True, slots=True)
class AlreadyEnded:
    """A stream that has ended was ended again."""

    at: int
    stream_id: str


@record(frozen=True, slots=True)
class PromptUpdated:
    at: int
    stream_id: str
    prompt: str


@record(frozen=True, slots=True)
class StateChanged:
    at: int
    stream_id: str
    state: StreamState


@record(frozen=True, slots=True)
class FeedbackGiven:
    at: int
    stream_id: str
    feedback_id: str


class SocketRejection(Enum):
    """Why a result socket is rejected."""

    NO_KEY = auto()
    LATE = auto()
    BAD_KEY = auto()
    STREAM_NOT_FOUND = auto()
    STREAM_ENDED = auto()


@record(frozen=True, slots=True)
class SocketAccepted:
    at: int
    socket_id: str
    stream_id: str


@record(frozen=True, slots=True)
class SocketRejected:
    """``end_reason`` is set when the stream has ended."""

    at: int
    socket_id: str
    stream_id: str
    rejection: SocketRejection
    end_reason: EndReason | None = None


@record(frozen=True, slots=True)
class TokenExpiring:
    """Half of the lifetime of a publisher's token is over: the publisher gets a fresh one."""

    at: int
    stream_id: str
    identity: str


@record(frozen=True, slots=True)
class InferenceDue:
    """The runtime must ask the model and answer with AnswerInference."""

    at: int
    inference: Inference


@record(frozen=True, slots=True)
class ResultReady:
    at: int
    stream_id: str
    result: Result


@record(frozen=True, slots=True)
class ReinferAnswered:
    at: int
    stream_id: str
    result: Result


@record(frozen=True, slots=True)
class CacheUse:
    """The part of a chat's prompt that was in its thread's cache."""

    thread_id: str | None = None
    cached_tokens: int = 0

    @property
    def hit(self) -> bool:
        return self.cached_tokens > 0


@record(frozen=True, slots=True)
class ChatStarted:
    """``allowance`` is the rest of the user's calls of this second, where they are limited."""

    at: int
    exchange_id: str
    model: str
    choices: int
    cache: CacheUse
    allowance: Allowance | None
    region: str | None


@record(frozen=True, slots=True)
class ChatToken:
    """A token of text of one of the choices."""

    at: int
    exchange_id: str
    choice: int
    text: str


@record(frozen=True, slots=True)
class ChatFinished:
    """All choices, in order; ``cost`` in microcents."""

    at: int
    exchange_id: str
    answers: tuple[Answer, ...]
    usage: Usage
    cache: CacheUse
    cost: int


@record(frozen=True, slots=True)
class ChatCancelled:
    """The caller disconnected; ``cost``, in microcents, is the price of the tokens sent so far."""

    at: int
    exchange_id: str
    usage: Usage
    cost: int


@record(frozen=True, slots=True)
class ChatFailed:
    """The first answer that failed; nothing is charged."""

    at: int
    exchange_id: str
    model: str
    answer: Answer


@record(frozen=True, slots=True)
class AlarmFired:
    """The instant of an alarm has come."""

    at: int
    alarm_id: str


Event = (
    StreamCreated
    | LeaseRenewed
    | StreamEnded
    | AlreadyEnded
    | PromptUpdated
    | StateChanged
    | FeedbackGiven
    | SocketAccepted
    | SocketRejected
    | TokenExpiring
    | InferenceDue
    | ResultReady
    | ReinferAnswered
    | ChatStarted
    | ChatToken
    | ChatFinished
    | ChatCancelled
    | ChatFailed
    | AlarmFired
)
