"""Events as text, for a person who reads why a test failed."""

import re

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.events import (
    ChatCancelled,
    ChatFailed,
    ChatFinished,
    ChatStarted,
    Event,
    FeedbackGiven,
    LeaseRenewed,
    PromptUpdated,
    ReinferAnswered,
    ResultReady,
    SocketAccepted,
    SocketRejected,
    StateChanged,
    StreamCreated,
    StreamEnded,
    TokenExpiring,
)
from ovs_mock.engine.inference import Result
from ovs_mock.engine.instants import seconds

UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
LONGEST = 100


def event_text(event: Event) -> str:  # noqa: C901 - one row an event
    """Return one line for an event, with complete ids."""
    match event:
        case StreamCreated():
            return f"stream {event.stream_id} created, lease {seconds(event.lease):g} s"
        case LeaseRenewed():
            cost = f"{cents(event.charge.microcents)} for {seconds(event.charge.duration):g} s"
            return f"stream {event.stream_id} renewed, charged {cost}, {cents(event.balance)} left"
        case StreamEnded():
            return f"stream {event.stream_id} ended: {event.reason}, charged {cents(event.charge.microcents)}"
        case PromptUpdated():
            return f"stream {event.stream_id} has a new prompt: {event.prompt!r}"
        case StateChanged():
            return f"stream {event.stream_id} is {event.state}"
        case SocketAccepted():
            return f"a socket of stream {event.stream_id} is accepted"
        case SocketRejected():
            return f"a socket of stream {event.stream_id} is refused: {event.rejection.name.lower().replace('_', ' ')}"
        case ResultReady():
            return f"stream {event.stream_id} has a result: {_result_text(event.result)}"
        case ReinferAnswered():
            return f"stream {event.stream_id} was asked again: {_result_text(event.result)}"
        case ChatStarted():
            return f"chat with {event.model} begins"
        case ChatFinished():
            return f"chat ends, {event.usage.total_tokens} tokens for {cents(event.cost)}"
        case ChatCancelled():
            return f"chat is left by its caller, {event.usage.total_tokens} tokens for {cents(event.cost)}"
        case ChatFailed():
            return f"chat with {event.model} fails: {event.answer.error}"
        case TokenExpiring():
            return f"the token of {event.identity} is half over"
        case FeedbackGiven():
            return f"stream {event.stream_id} got feedback"
        case _:
            return type(event).__name__


def cents(microcents: int) -> str:
    """Return ``0.5 cents``, rounded to a thousandth."""
    return f"{round(microcents / MICROCENTS_PER_CENT, 3):g} cents"


def shorten(text: str, limit: int = LONGEST) -> str:
    """Return a text on one line, with ids shortened, cut at ``limit`` characters."""
    line = UUID.sub(r"\1…", " ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _result_text(result: Result) -> str:
    return repr(result.answer.text) if result.answer.ok else f"failed, {result.answer.error}"
