"""Bodies of streams, and what the checks of v0.2 do with them again and again."""

from typing import Any

from ovs_contracts.client.v02 import V02Client, frames_every
from ovs_contracts.targets.target import FrameSource

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""An id that no stream has."""
WITHOUT: Any = object()
"""In place of a value: the field is left out."""
FPS = 10
SIZE = (320, 180)


def changed(body: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The body with other parts; members of objects that are in it already are merged."""
    whole = {**body, **{name: _merged(body.get(name), part) for name, part in parts.items()}}
    return {name: part for name, part in whole.items() if part is not WITHOUT}


def inferring(**inference: Any) -> dict[str, Any]:
    """The body of an ordinary stream whose inference is another one."""
    return changed(frames_every(1.0), inference=inference)


def filmed(v02: V02Client, frame_source: FrameSource, body: dict[str, Any], seconds: float = 4) -> list[Any]:
    """The results of a stream with so many seconds of video, from its first to its last."""
    stream_id = v02.stream(body)
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, seconds, fps=FPS, size=SIZE)
        v02.delete(stream_id).expect(200)
        seen = results.receive_until_closed()
    assert seen, "results came while there was video"
    return seen


def _merged(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: value for name, value in {**old, **new}.items() if value is not WITHOUT}
    return new
