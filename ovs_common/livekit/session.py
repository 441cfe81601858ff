"""A participant of a LiveKit room, by way of LiveKit's SDK in its process."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Literal

from ovs_common.livekit.client import SdkClient
from ovs_common.livekit.options import PublishError, TrackOptions


class RoomSession:
    """Joins one room, once. May be used from any thread. Futures fail with SdkError and PublishError.

    ``on_disconnected`` is called on another thread, once the room is left, with LiveKit's reason, such as
    ``ROOM_DELETED``; with ``CLIENT_ENDED``, which is not LiveKit's, when the SDK's process ended.
    """

    def __init__(self, on_disconnected: Callable[[str], None]) -> None:
        self._client = SdkClient.running()
        self._number = self._client.add_session(on_disconnected)

    def join(
        self,
        url: str,
        token: str,
        *,
        single_peer_connection: bool | None = None,
        connect_timeout: float | None = None,
    ) -> "Future[None]":
        """Join the room; ``connect_timeout`` in seconds, for one attempt to reach the server."""
        options = {"single_peer_connection": single_peer_connection, "connect_timeout": connect_timeout}
        return self._request("join", url=url, token=token, **options)

    def publish(self, width: int, height: int, options: TrackOptions) -> "Future[None]":
        """Publish a track of that size, in pixels."""
        return self._request("publish", width=width, height=height, options=asdict(options))

    def send_frame(
        self, data: memoryview, width: int, height: int, *, timestamp_us: int, pixel_format: Literal["RGB24", "I420"]
    ) -> None:
        """Send the bytes of a frame, of the monotonic clock's microsecond. PublishError when the process has ended."""
        frame = {"width": width, "height": height, "timestamp_us": timestamp_us, "pixel_format": pixel_format}
        self._client.send({**self._command("frame"), **frame, "bytes": data.nbytes}, data)

    def unpublish(self) -> "Future[None]":
        """Take the track back."""
        return self._request("unpublish")

    def leave(self) -> "Future[None]":
        """Leave the room, also while joining it."""
        return self._request("leave")

    def abandon(self) -> None:
        """Leave without waiting for it. Does nothing when the process has ended."""
        with suppress(PublishError):
            self._client.send(self._command("leave"))

    def require_running(self) -> None:
        """PublishError when the process has ended."""
        self._client.require_running()

    def _request(self, name: str, **parameters: Any) -> "Future[None]":
        return self._client.request({**self._command(name), **parameters})

    def _command(self, name: str) -> dict[str, Any]:
        return {"session": self._number, "do": name}
