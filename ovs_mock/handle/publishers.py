"""Publishes video into streams of a test, with LiveKit's own client; all publishers disconnect at its end."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack, overload

from ovs_common.livekit.options import TrackOptions
from ovs_mock.handle.local import Ovs
from ovs_mock.handle.options import PublishOptions
from ovs_mock.journal.leaks import LeakKind
from ovs_mock.runtime.frame_sequence import check_picture
from ovs_mock.util.tracebacks import is_user_error
from ovs_mock.video.background import BackgroundPublisher
from ovs_mock.video.pixels import Rgb

if TYPE_CHECKING:
    from ovs_mock.video.patterns import Pattern

__tracebackhide__ = is_user_error

# Seconds that the server may take to notice that a publisher has disconnected.
LEAVE_TIMEOUT = 2.0
EXPECTED = (
    "expected the answer that created a stream, with livekit: {url, token} (v0.2) or publish: {url, token} (v1 and "
    "v1beta), or a url and a token"
)


class OvsPublish:
    """Publishes video into streams: call it with the answer that created a stream. The fixture ``ovs_publish`` is one.

    Args:
        ovs: The handle on the mock, or on another target.
    """

    def __init__(self, ovs: Ovs) -> None:
        self._ovs = ovs
        self._publishers: list[BackgroundPublisher] = []
        self._streams: set[str] = set()

    @overload
    def __call__(self, created: Mapping[str, Any], /, **keywords: Unpack[PublishOptions]) -> BackgroundPublisher: ...

    @overload
    def __call__(self, url: str, token: str, /, **keywords: Unpack[PublishOptions]) -> BackgroundPublisher: ...

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
        """Join the room of a stream and publish video; returns when the first frame has arrived.

        That takes a few tenths of a second, during which the calling thread waits: the mock and the publisher run
        elsewhere. On an event loop, call ``await asyncio.to_thread(ovs_publish, created)``. Without ``file`` and
        ``frames`` it publishes a moving pattern whose frames are stamped with their number and time.

        Args:
            created: Body of the answer that created the stream, or the URL of its room.
            token: Access token of the room, with a URL.
            file: Path of a video file, published at its own frame rate.
            frames: Arrays of shape ``(height, width, 3)``, dtype ``uint8``, in RGB order.
            width: Width of the pattern in pixels. Defaults to 640.
            height: Height of the pattern in pixels. Defaults to 480.
            pattern: Name of a pattern or a colour, or a function that draws frames. Defaults to ``"bars"``.
            fps: Frames a second, of the pattern or of ``frames``. Defaults to 15.
            loop: Whether a file or a sequence of frames starts again at its end. An iterator is published once.
                Defaults to True.
            stamp: Whether to write its number over the top of each frame of ``file`` or ``frames``. Defaults to False.
            options: Codec, bitrate and layers of the track.
            timeout: Seconds to wait for the first frame. Defaults to 10.

        Returns:
            The publisher. It disconnects with ``stop()``, or at the end of the test.

        Raises:
            ValueError: The message says what cannot be published.
            MissingExtraError: LiveKit's SDK is not installed; the message says what to install.
            rtc.ConnectError: The room cannot be joined; the error is one of LiveKit's SDK.
            TimeoutError: No frame arrived in time.
        """
        url, token, stream_id = _room(created, token)
        if file is not None and frames is not None:
            raise ValueError("file and frames are both given: expected one of them, or neither")
        pictures = None if frames is None else _pictures(frames, loop=loop)
        publisher = BackgroundPublisher(url, token).start()
        self._publishers.append(publisher)
        self._streams.add(stream_id)
        try:
            before = self._ovs.stream(stream_id).frames_received
            if file is not None:
                publisher.publish_file(file, loop=loop, stamp=stamp, options=options)
            elif pictures is not None:
                size, arrays = pictures
                publisher.publish(*size, options or TrackOptions.at_rate(fps))
                publisher.play(arrays, fps=fps, stamp=stamp)
            else:
                publisher.publish_generated(width, height, fps=fps, pattern=pattern, options=options)
            self._ovs.wait_for_frames(stream_id, before + 1, timeout=timeout)
        except BaseException as error:
            if publisher.disconnect_reason:
                error.add_note(f"the publisher was disconnected: {publisher.disconnect_reason}")
            publisher.stop()
            raise
        return publisher

    def close(self) -> None:
        """Disconnect every publisher; returns when the server has noticed, or after 2 s."""
        while self._publishers:
            self._publishers.pop().stop()
        if self._streams:
            with suppress(TimeoutError):
                self._ovs.wait_until(self._all_left, timeout=LEAVE_TIMEOUT)
        self._streams.clear()

    def _all_left(self) -> bool:
        present = {leak.stream_id for leak in self._ovs.leaks if leak.kind is LeakKind.PUBLISHER}
        return not present & self._streams


def _room(created: Mapping[str, Any] | str, token: str | None) -> tuple[str, str, str]:
    """URL, token and stream id of a room."""
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
    return url, token, str(stream_id or _token_room(token))


def _token_room(token: str) -> str:
    """The room that a token is for, which is the stream's id; the server checks the token."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["video"]["room"])
    except (IndexError, KeyError, TypeError, ValueError):
        raise ValueError("the token is not an access token of LiveKit, which names a room: " + EXPECTED) from None


def _pictures(frames: Iterable[Rgb], *, loop: bool) -> tuple[tuple[int, int], Iterator[Rgb]]:
    """Width and height of the first picture, and all pictures; a sequence is checked at once, an iterator lazily."""
    pictures = (check_picture(number, rgb) for number, rgb in enumerate(frames))
    if not isinstance(frames, Iterator):
        checked = list(pictures)
        pictures = (rgb for rgb in (cycle(checked) if loop else checked))
    first = next(pictures, None)
    if first is None:
        raise ValueError("there are no frames: expected one at least")
    height, width = first.shape[:2]
    return (width, height), chain([first], pictures)
