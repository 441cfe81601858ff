"""Publishers for a test: each joins a room with LiveKit's own client, and all of them leave at the end."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from ovs_common.livekit.options import TrackOptions
from ovs_mock.handle.local import Ovs
from ovs_mock.journal.leaks import LeakKind
from ovs_mock.runtime.frame_sequence import check_picture
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.background import BackgroundPublisher
from ovs_mock.video.pixels import Rgb

if TYPE_CHECKING:
    from ovs_mock.video.patterns import Pattern

__tracebackhide__ = is_user_error

# Seconds that the server may take to notice that somebody has left.
PATIENCE = 2.0
EXPECTED = (
    "expected what a create answered, with livekit: {url, token} (v0.2) or publish: {url, token} (v1 and v1beta), "
    "or a url and a token"
)


class OvsPublish:
    """What the fixture ``ovs_publish`` is: call it to publish video into a stream. ``close`` ends what it began."""

    def __init__(self, ovs: Ovs) -> None:
        self._ovs = ovs
        self._publishers: list[BackgroundPublisher] = []
        self._streams: set[str] = set()

    @overload
    def __call__(
        self,
        created: Mapping[str, Any],
        /,
        *,
        file: str | Path | None = ...,
        frames: Iterable[Rgb] | None = ...,
        width: int = ...,
        height: int = ...,
        pattern: "str | Pattern" = ...,
        fps: float = ...,
        loop: bool = ...,
        stamp: bool = ...,
        options: TrackOptions | None = ...,
        timeout: float = ...,
    ) -> BackgroundPublisher: ...

    @overload
    def __call__(
        self,
        url: str,
        token: str,
        /,
        *,
        file: str | Path | None = ...,
        frames: Iterable[Rgb] | None = ...,
        width: int = ...,
        height: int = ...,
        pattern: "str | Pattern" = ...,
        fps: float = ...,
        loop: bool = ...,
        stamp: bool = ...,
        options: TrackOptions | None = ...,
        timeout: float = ...,
    ) -> BackgroundPublisher: ...

    def __call__(
        self,
        created: Mapping[str, Any] | str,
        token: str | None = None,
        /,
        *,
        file: str | Path | None = None,
        frames: Iterable[Rgb] | None = None,
        width: int = 640,
        height: int = 480,
        pattern: "str | Pattern" = "bars",
        fps: float = 15.0,
        loop: bool = True,
        stamp: bool = False,
        options: TrackOptions | None = None,
        timeout: float = 10.0,
    ) -> BackgroundPublisher:
        """Join the room of a stream and publish; returns once video flows, after a few tenths of a second.

        ``created`` is what a create answered, or a room's URL, with its token behind it. By itself it publishes a
        moving ``pattern``, ``width`` by ``height`` pixels and ``fps`` frames a second, each stamped with its number
        and time. ``file`` is a video file, at its own pace; ``frames`` are arrays of ``(height, width, 3)``,
        ``uint8``, red green blue, ``fps`` of them a second; ``stamp`` writes numbers over the top of either. Both
        play over and over, an iterator once, and all of it once with ``loop=False``.

        Waits on the calling thread, ``timeout`` seconds at most; the mock and the client have threads and a process of
        their own, and where the test's event loop must go on, ``await asyncio.to_thread(ovs_publish, created)``.

        ValueError for what cannot be published; MissingExtraError without LiveKit's SDK; the SDK's
        ``rtc.ConnectError`` when the room cannot be joined; TimeoutError when no video arrives.
        """
        url, token, stream_id = _room(created, token)
        if file is not None and frames is not None:
            raise ValueError("file and frames are both given: expected one of them, or neither")
        shown = None if frames is None else _pictures(frames, loop=loop)
        publisher = BackgroundPublisher(url, token).start()
        self._publishers.append(publisher)
        self._streams.add(stream_id)
        try:
            before = self._ovs.stream(stream_id).frames_received
            if file is not None:
                publisher.publish_file(file, loop=loop, stamp=stamp, options=options)
            elif shown is not None:
                size, pictures = shown
                publisher.publish(*size, options or TrackOptions.at_rate(fps))
                publisher.play(pictures, fps=fps, stamp=stamp)
            else:
                publisher.publish_generated(width, height, fps=fps, pattern=pattern, options=options)
            self._ovs.wait_for_frames(stream_id, before + 1, timeout=timeout)
        except BaseException as error:
            if publisher.disconnect_reason:
                error.add_note(f"the publisher is out of the room: {publisher.disconnect_reason}")
            publisher.stop()
            raise
        return publisher

    def close(self) -> None:
        """Every publisher leaves; returns when the server has noticed."""
        while self._publishers:
            self._publishers.pop().stop()
        if self._streams:
            with suppress(TimeoutError):
                self._ovs.wait_until(self._all_left, timeout=PATIENCE)
        self._streams.clear()

    def _all_left(self) -> bool:
        present = {leak.stream_id for leak in self._ovs.leaks if leak.kind is LeakKind.PUBLISHER}
        return not present & self._streams


def _room(created: Mapping[str, Any] | str, token: str | None) -> tuple[str, str, str]:
    """URL, token and stream of a room."""
    stream_id = None
    if isinstance(created, Mapping):
        room = created.get("livekit") or created.get("publish")
        if not isinstance(room, Mapping) or token is not None:
            raise ValueError(f"got an object with {', '.join(map(str, created)) or 'nothing in it'}: {EXPECTED}")
        url, token = room.get("url"), room.get("token")
        stream_id = created.get("stream_id") or created.get("id")
    else:
        url = created
    if not isinstance(url, str) or not isinstance(token, str):
        raise ValueError(f"got {type(url).__name__} and {type(token).__name__}: {EXPECTED}")
    return url, token, str(stream_id or _named_in(token))


def _named_in(token: str) -> str:
    """The room that a token is for, which is a stream's id; the server checks the token."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["video"]["room"])
    except (IndexError, KeyError, TypeError, ValueError):
        raise ValueError("the token is none of LiveKit's, which name a room: " + EXPECTED) from None


def _pictures(frames: Iterable[Rgb], *, loop: bool) -> tuple[tuple[int, int], Iterator[Rgb]]:
    """Width and height of the first picture, and all of them; those that are there already are checked."""
    pictures = (check_picture(number, rgb) for number, rgb in enumerate(frames))
    if not isinstance(frames, Iterator):
        there = list(pictures)
        pictures = (rgb for rgb in (cycle(there) if loop else there))
    first = next(pictures, None)
    if first is None:
        raise ValueError("there are no frames: expected one at least")
    height, width = first.shape[:2]
    return (width, height), chain([first], pictures)
