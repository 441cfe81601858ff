"""The commands of the engine, as a closed union. The docstrings name the events that answer them."""

from dataclasses import field

from ovs_mock.engine.conversation import AUTO, JsonOutput, RequestMessage, Tool, ToolChoice
from ovs_mock.engine.frames import Picture
from ovs_mock.engine.inference import Answer, InferencePlan, JsonSchema
from ovs_mock.engine.references import Evicted
from ovs_mock.engine.service import Service
from ovs_mock.engine.stream import EndReason, Source, StreamRules
from ovs_mock.util.records import record


@record(frozen=True, slots=True, kw_only=True)
class CreateStream:
    """Answered by StreamCreated."""

    key: str | None = field(repr=False)
    source: Source
    rules: StreamRules
    plan: InferencePlan | None = None
    """What to ask the model at a steady cadence; a stream for chats has none."""
    region: str | None = None
    request_id: str | None = None


@record(frozen=True, slots=True)
class RenewLease:
    """Answered by LeaseRenewed."""

    key: str | None = field(repr=False)
    stream_id: str
    service: Service = Service.RESULTS


@record(frozen=True, slots=True)
class EndStream:
    """Answered by StreamEnded, or by AlreadyEnded."""

    key: str | None = field(repr=False)
    stream_id: str
    service: Service = Service.RESULTS


@record(frozen=True, slots=True)
class UpdatePrompt:
    """Answered by PromptUpdated."""

    key: str | None = field(repr=False)
    stream_id: str
    prompt: str


@record(frozen=True, slots=True)
class Reinfer:
    """Ask again about the clip of an earlier result. Answered by InferenceDue, and later by ReinferAnswered."""

    key: str | None = field(repr=False)
    result_id: str
    prompt: str
    model: str
    temperature: float | None = None
    max_output_tokens: int | None = None
    output_schema: JsonSchema | None = None


@record(frozen=True, slots=True)
class GiveFeedback:
    """Answered by FeedbackGiven."""

    key: str | None = field(repr=False)
    stream_id: str
    rating: int
    category: str
    text: str


@record(frozen=True, slots=True)
class OpenSocket:
    """A client connected to a stream's results and has not sent its API key yet. No event."""

    socket_id: str
    stream_id: str


@record(frozen=True, slots=True)
class AuthenticateSocket:
    """The socket's first message; ``key=None`` when it held none. Answered by SocketAccepted or SocketRejected."""

    socket_id: str
    key: str | None = field(repr=False)


@record(frozen=True, slots=True)
class CloseSocket:
    """The socket is closed. No event."""

    socket_id: str


@record(frozen=True, slots=True)
class PublisherJoined:
    """A participant that may publish is in the stream's room."""

    stream_id: str
    identity: str
    token_expires_at: int


@record(frozen=True, slots=True)
class PublisherLeft:
    """The participant left the room, on purpose or not."""

    stream_id: str
    identity: str


@record(frozen=True, slots=True)
class FrameArrived:
    """A decoded frame, and the instant that it stands for."""

    stream_id: str
    at: int
    picture: Picture


@record(frozen=True, slots=True)
class TransportLost:
    """The media connection of a webrtc source is lost."""

    stream_id: str


@record(frozen=True, slots=True)
class TerminateStream:
    """The server ends a stream by itself. A stream that has ended stays as it is."""

    stream_id: str
    reason: EndReason


@record(frozen=True, slots=True)
class SetAlarm:
    """Fire AlarmFired at this instant; ``None`` cancels the alarm."""

    alarm_id: str
    at: int | None


@record(frozen=True, slots=True)
class SuspendIdleTimer:
    """The clock is about to be moved to ``until``, faster than frames of these streams can arrive."""

    stream_ids: frozenset[str]
    until: int


@record(frozen=True, slots=True, kw_only=True)
class AskChat:
    """Answered by ChatStarted; then ChatToken for each token of text, and at last ChatFinished or ChatFailed.

    ``rate_limited`` counts it against the user's calls of this second; RateLimitedError when there are too many.
    """

    key: str | None = field(repr=False)
    model: str
    messages: tuple[RequestMessage, ...]
    evicted: Evicted
    rate_limited: bool
    choices: int = 1
    max_output_tokens: int | None = None
    temperature: float | None = None
    output: JsonOutput | None = None
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = AUTO
    parallel_tool_calls: bool = True
    thread_id: str | None = None
    region: str | None = None
    api_version: str = ""
    """The API version of the request, for the model's scripts; the rules do not read it."""


@record(frozen=True, slots=True)
class CancelChat:
    """The caller disconnected: the tokens sent so far are charged, and no more follow. Answered by ChatCancelled."""

    exchange_id: str


@record(frozen=True, slots=True)
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
    | TerminateStream
    | SetAlarm
    | SuspendIdleTimer
    | AskChat
    | CancelChat
    | AnswerInference
)
