"""From v0.2 requests to commands. Pure."""

import math
from typing import Any
from uuid import UUID

from ovs_mock.api.bodies import validate
from ovs_mock.api.errors import MalformedStreamIdError, problem
from ovs_mock.api.v02.schemas import (
    UNION_TAGS,
    ClipBody,
    CreateStreamBody,
    FeedbackBody,
    LiveKitSourceBody,
    PromptBody,
    ReinferBody,
    WebRtcSourceBody,
)
from ovs_mock.engine.commands import CreateStream, GiveFeedback, Reinfer, UpdatePrompt
from ovs_mock.engine.inference import InferencePlan
from ovs_mock.engine.instants import micros
from ovs_mock.engine.sampling import ClipSampling, FrameSampling, Sampling
from ovs_mock.engine.stream import LiveKitSource, NativeSource, Source, StreamRules, WebRtcSource

# Numbers without a limit of their own: no stream lives that long, and no video has that many frames a second.
LONGEST_SECONDS = 1e9
MOST_SAMPLED_FPS = 1_000


def create_stream(key: str | None, body: Any, stream_rules: StreamRules, max_tokens_per_second: int) -> CreateStream:
    """The command of ``POST /streams``; raises InvalidBodyError."""
    request = validate(CreateStreamBody, body, UNION_TAGS)
    sampling = _sampling(request)
    return CreateStream(
        key=key,
        source=_source(request),
        plan=InferencePlan(
            sampling=sampling,
            prompt=request.inference.prompt,
            model=request.inference.model,
            backend=request.inference.backend,
            output_schema=request.inference.output_schema_json,
            max_output_tokens=_token_limit(request, max_tokens_per_second),
        ),
        rules=stream_rules,
        request_id=client_request_id(body),
    )


def client_request_id(body: Any) -> str | None:
    """The caller's own id of a create request, which its errors repeat, the validation errors included."""
    client = body.get("client") if isinstance(body, dict) else None
    request_id = client.get("request_id") if isinstance(client, dict) else None
    return request_id if isinstance(request_id, str) else None


def update_prompt(key: str | None, stream_id: str, body: Any) -> UpdatePrompt:
    return UpdatePrompt(key, stream_id, validate(PromptBody, body).prompt)


def give_feedback(key: str | None, stream_id: str, body: Any) -> GiveFeedback:
    request = validate(FeedbackBody, body)
    return GiveFeedback(key, stream_id, request.rating, request.category, request.feedback)


def reinfer(key: str | None, body: Any) -> Reinfer:
    request = validate(ReinferBody, body)
    return Reinfer(
        key,
        request.result_id,
        request.prompt,
        request.model,
        request.temperature,
        request.max_tokens,
        request.output_schema,
    )


def require_stream_id(text: str) -> None:
    """Refuse what is not a UUID; only the prompt endpoint does so, the others answer 404."""
    try:
        UUID(text)
    except ValueError:
        raise MalformedStreamIdError(text) from None


def socket_key(message: Any) -> str | None:
    """The key in a socket's first message ``{"api_key": "…"}``, or ``None`` when it is not that."""
    key = message.get("api_key") if isinstance(message, dict) else None
    return key if isinstance(key, str) and key else None


def _source(request: CreateStreamBody) -> Source:
    match request.source:
        case WebRtcSourceBody(sdp=sdp):
            return WebRtcSource(sdp)
        case LiveKitSourceBody(url=url, token=token):
            return LiveKitSource(url, token)
        case None if request.webrtc is not None:
            return WebRtcSource(request.webrtc.sdp)
        case _:
            return NativeSource()


def _sampling(request: CreateStreamBody) -> Sampling:
    processing = request.processing
    kind = "clip" if isinstance(processing, ClipBody) else "frame"
    if request.mode not in (None, kind):
        raise problem(["mode"], f"mode is {request.mode!r}, but processing holds the settings of {kind!r} mode")
    if isinstance(processing, ClipBody):
        delay = min(processing.delay_seconds, LONGEST_SECONDS)
        fps = min(processing.resolved_fps, MOST_SAMPLED_FPS)
        return ClipSampling(micros(processing.clip_length_seconds), micros(delay), fps)
    return FrameSampling(micros(processing.interval_seconds))


def _token_limit(request: CreateStreamBody, per_second: int) -> int:
    """The tokens that one inference may produce: so many for each second of the interval."""
    interval = request.processing.interval_seconds
    most = math.floor(per_second * min(interval, LONGEST_SECONDS))
    tokens = request.inference.max_output_tokens
    if tokens is None:
        return most
    if tokens > per_second * interval:
        raise problem(
            ["inference", "max_output_tokens"],
            f"{tokens} tokens every {interval} s are {_rate(tokens, interval):.1f} tokens/s; the limit is "
            f"{per_second} tokens/s, so max_output_tokens may be at most {most}",
        )
    return tokens


def _rate(tokens: int, interval: float) -> float:
    """Tokens a second; an integer in JSON may be larger than any float."""
    try:
        return tokens / interval
    except OverflowError:
        return math.inf
