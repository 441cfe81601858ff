"""Keyword arguments that several methods of the handles share."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from ovs_common.livekit.options import TrackOptions
    from ovs_mock.video.patterns import Pattern
    from ovs_mock.video.pixels import Rgb


class PlayOptions(TypedDict, total=False):
    """Of ``play``; ``Ovs.play`` describes them."""

    fps: float
    width: int
    height: int


class PushOptions(PlayOptions, total=False):
    """Of ``push_frames``; ``Ovs.push_frames`` describes them."""

    times: Iterable[float] | None
    stamp: bool


class WaitOptions(TypedDict, total=False):
    """Of ``wait_until``; ``Ovs.wait_until`` describes them."""

    timeout: float
    description: str
    actual: Callable[[], str]


class RequestOptions(TypedDict, total=False):
    """Of ``wait_for_request``; ``Journal.wait_for_request`` describes them."""

    times: int
    json: Any
    status: int | None
    timeout: float


class PublishOptions(TypedDict, total=False):
    """Of ``ovs_publish``; ``OvsPublish`` describes them."""

    file: str | Path | None
    frames: "Iterable[Rgb] | None"
    width: int
    height: int
    pattern: "str | Pattern"
    fps: float
    loop: bool
    stamp: bool
    options: "TrackOptions | None"
    timeout: float
