"""All in which one version of chats differs from another."""

from collections.abc import Mapping
from dataclasses import dataclass

from ovs_mock.api.chat.errors import ErrorTable
from ovs_mock.engine.models import ModelStatus
from ovs_mock.engine.references import Evicted
from ovs_mock.engine.stream import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiVersion:
    """One version. Each has a module that fills this in: side by side, these are the table of their differences."""

    prefix: str
    at_root: bool
    """Whether ``/models`` and ``/chat/completions`` at the host's root are this version's."""
    errors: ErrorTable
    evicted: Evicted
    """What becomes of an index older than the buffer."""
    rate_limited: bool
    """Whether chats are counted, and answers say what is left."""
    regions: bool
    """Whether callers may say a region, and answers say theirs."""
    cameras: bool
    """Whether a stream can pull a camera, and shows its source."""
    viewers: bool
    """Whether a stream gives out tokens to watch it."""
    streams_need_credits: bool
    stream_time_before_frames: int | None
    """``stream_time_ms`` of a stream without a frame yet."""
    ended_streams_expire: bool
    """Whether a stream that has ended still shows when its lease would have."""
    end_reasons: Mapping[EndReason, str]
    model_statuses: Mapping[ModelStatus, str | None]
    """What the list of models calls a status; a model with ``None`` is left out."""
    passthrough_models: bool
    """Whether the list has models that other providers run."""
