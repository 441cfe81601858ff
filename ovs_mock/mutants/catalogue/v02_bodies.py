"""v0.2: bodies of new streams that are accepted or refused against the rules."""

import math
from collections.abc import Callable
from typing import Any

from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import CREATE
from ovs_mock.mutants.edits import Edit, at, change, drop, put
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import bodies, refused

AREA = Area("v02/bodies")
KNOWN = {
    "source": {"type", "sdp", "url", "token"},
    "processing": {"clip_length_seconds", "delay_seconds", "target_fps", "fps", "sampling_ratio", "interval_seconds"},
    "inference": {"prompt", "model", "backend", "output_schema_json", "max_output_tokens"},
}
TOP = {"source", "webrtc", "mode", "processing", "inference", "client"}
TOKENS_A_SECOND = 128


def _accepts(name: str, description: str, *edits: Edit) -> Mutant:
    return AREA(name, description, message_filter=bodies(CREATE, *edits))


def _refuses(name: str, description: str, *loc: str, when: Callable[[Any], bool]) -> Mutant:
    return AREA(name, description, message_filter=refused(CREATE, *loc, when=when))


def _only_known(part: str) -> Edit:
    def known(value: Any) -> Any:
        return {k: v for k, v in value.items() if k in KNOWN[part]} if isinstance(value, dict) else value

    return change(part, known)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at_most(most: float) -> Callable[[Any], Any]:
    return lambda value: min(value, most) if _number(value) else value


def _at_least(least: float) -> Callable[[Any], Any]:
    return lambda value: max(value, least) if _number(value) else value


def _long_enough(processing: Any) -> Any:
    """A clip of three frames, whatever was asked for."""
    fps, length = at(processing, "target_fps"), at(processing, "clip_length_seconds")
    if _number(fps) and _number(length) and 0 < fps * length < 3:
        processing["target_fps"] = math.ceil(3 / length)
    return processing


def _one_rate(processing: Any) -> Any:
    if at(processing, "target_fps") is not None:
        processing.pop("fps", None)
        processing.pop("sampling_ratio", None)
    return processing


def _rounded_up(processing: Any) -> Any:
    fps, ratio = at(processing, "fps"), at(processing, "sampling_ratio")
    if at(processing, "target_fps") is None and _number(fps) and _number(ratio):
        del processing["fps"], processing["sampling_ratio"]
        processing["target_fps"] = math.ceil(fps * ratio)
    return processing


def _beyond_rate(body: Any) -> int | None:
    """Whether more (1), exactly (0) or fewer (-1) tokens are asked for than there may be; ``None`` when none are."""
    tokens = at(body, "inference.max_output_tokens")
    interval = at(body, "processing.interval_seconds") or at(body, "processing.delay_seconds")
    if not (_number(tokens) and _number(interval)):
        return None
    most = TOKENS_A_SECOND * interval
    return int(tokens > most) - int(tokens < most)


def _within_rate(body: Any) -> Any:
    return drop("inference.max_output_tokens")(body) if _beyond_rate(body) == 1 else body


MUTANTS = (
    _accepts("v02-source-with-more-accepted", "unknown fields inside source are accepted", _only_known("source")),
    _accepts(
        "v02-processing-with-more-accepted", "unknown fields inside processing are accepted", _only_known("processing")
    ),
    _accepts(
        "v02-inference-with-more-accepted", "unknown fields inside inference are accepted", _only_known("inference")
    ),
    _refuses(
        "v02-unknown-field-refused",
        "unknown fields at the top level are refused",
        when=lambda body: bool(set(body) - TOP),
    ),
    _refuses(
        "v02-source-required",
        "a body without a source is refused",
        "source",
        when=lambda body: "source" not in body and "webrtc" not in body,
    ),
    _refuses(
        "v02-null-source-refused",
        "a source of null is refused",
        "source",
        when=lambda body: "source" in body and body["source"] is None,
    ),
    _refuses("v02-mode-required", "a body without a mode is refused", "mode", when=lambda body: not body.get("mode")),
    _accepts(
        "v02-mode-contradiction-accepted",
        "a mode that contradicts processing is accepted",
        change("mode", lambda mode: None if mode in ("clip", "frame") else mode),
    ),
    _accepts(
        "v02-short-clips-accepted", "clips of fewer than three frames are accepted", change("processing", _long_enough)
    ),
    _accepts(
        "v02-both-rates-accepted",
        "target_fps together with fps and sampling_ratio is accepted",
        change("processing", _one_rate),
    ),
    _refuses(
        "v02-legacy-rates-refused",
        "the legacy pair fps and sampling_ratio is refused",
        "processing",
        when=lambda body: at(body, "processing.sampling_ratio") is not None,
    ),
    _accepts(
        "v02-legacy-rate-rounded-up",
        "fps times sampling_ratio is rounded up instead of down",
        change("processing", _rounded_up),
    ),
    _accepts(
        "v02-interval-above-60-accepted",
        "intervals of more than 60 seconds are accepted",
        change("processing.interval_seconds", _at_most(60)),
    ),
    _refuses(
        "v02-interval-of-60-refused",
        "an interval of exactly 60 seconds is refused",
        "processing",
        "interval_seconds",
        when=lambda body: at(body, "processing.interval_seconds") == 60,
    ),
    _accepts(
        "v02-interval-below-tenth-accepted",
        "intervals of less than a tenth of a second are accepted",
        change("processing.interval_seconds", _at_least(0.1)),
    ),
    _accepts(
        "v02-clip-above-60-accepted",
        "clips of more than 60 seconds are accepted",
        change("processing.clip_length_seconds", _at_most(60)),
    ),
    _accepts(
        "v02-no-delay-accepted", "a delay of zero is accepted", change("processing.delay_seconds", _at_least(0.1))
    ),
    _accepts(
        "v02-fps-above-30-accepted", "a target_fps above 30 is accepted", change("processing.target_fps", _at_most(30))
    ),
    _refuses(
        "v02-fps-of-30-refused",
        "a target_fps of exactly 30 is refused",
        "processing",
        "target_fps",
        when=lambda body: at(body, "processing.target_fps") == 30,
    ),
    _accepts(
        "v02-ratio-above-1-accepted",
        "a sampling_ratio above 1 is accepted",
        change("processing.sampling_ratio", _at_most(1)),
    ),
    _accepts(
        "v02-empty-prompt-accepted",
        "an empty prompt is accepted",
        change("inference.prompt", lambda p: p or "Describe."),
    ),
    _accepts(
        "v02-any-backend-accepted", "a backend that is not known is accepted", put("inference.backend", "overshoot")
    ),
    _refuses(
        "v02-gemini-refused",
        "the backend gemini is refused",
        "inference",
        "backend",
        when=lambda body: at(body, "inference.backend") == "gemini",
    ),
    _accepts(
        "v02-any-schema-accepted",
        "an output schema that is no object is accepted",
        change("inference.output_schema_json", lambda schema: schema if isinstance(schema, dict) else None),
    ),
    _accepts("v02-token-rate-unlimited", "more than 128 tokens a second are accepted", _within_rate),
    _refuses(
        "v02-token-rate-of-128-refused",
        "exactly 128 tokens a second are refused",
        "inference",
        "max_output_tokens",
        when=lambda body: _beyond_rate(body) == 0,
    ),
    _accepts(
        "v02-no-tokens-accepted",
        "max_output_tokens of zero is accepted",
        change("inference.max_output_tokens", _at_least(1)),
    ),
    _refuses(
        "v02-livekit-source-refused",
        "a source that is a LiveKit room of the caller's is refused",
        "source",
        "type",
        when=lambda body: at(body, "source.type") == "livekit",
    ),
)
