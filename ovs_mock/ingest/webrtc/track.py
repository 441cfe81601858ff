"""A video track: received on the event loop, decoded on its own thread, written to a sink on the loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from ovs_mock.engine.frames import Picture
from ovs_mock.engine.instants import SECOND
from ovs_mock.ingest.webrtc.decoder import Decoder, UndecodableError
from ovs_mock.ingest.webrtc.feedback import Reception
from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.pictures import CodedPicture, DecodedCache
from ovs_mock.ingest.webrtc.receiver import RETRY_AFTER, VideoFrame, VideoReceiver
from ovs_mock.ingest.webrtc.rtp import RtpPacket

RTP_CLOCK = 90_000
# Maximum frames in front of the decoder. A decoder that is slower restarts at a key frame.
MAX_QUEUED = 256
# The mock's SSRC. It sends nothing but feedback, so the SSRC need not be unique.
OWN_SSRC = 1


class Sink(Protocol):
    """Takes the pictures of one source."""

    def write(self, media: int, picture: Picture) -> None:
        """A picture; ``media`` is the source's own clock in microseconds."""

    def stop(self) -> None:
        """Discard pictures that come later."""

    def fail(self, error: BaseException) -> None:
        """Report a bug that ended the track."""


class VideoTrack:
    """``send`` sends RTCP. ``stop`` ends all writing to the sink at once; ``close`` frees the rest."""

    def __init__(
        self,
        formats: dict[int, VideoFormat],
        new_sink: Callable[[], Sink],
        cache: DecodedCache,
        send: Callable[[bytes], None],
    ) -> None:
        self._formats = formats
        self._new_sink = new_sink
        self._sink = new_sink()
        self._cache = cache
        self._send = send
        self._receiver: VideoReceiver | None = None
        self._ssrc: int | None = None
        self._decoder: Decoder | None = None
        self._queue: asyncio.Queue[tuple[VideoFrame, Sink]] = asyncio.Queue(MAX_QUEUED)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ovs-mock-decoder")
        self._decoding = asyncio.create_task(self._decode_all())
        self._decoding.add_done_callback(self._on_decoding_ended)
        self._retry: asyncio.TimerHandle | None = None
        self._stopped = False

    @property
    def reception(self) -> Reception | None:
        """Reception statistics of the current source."""
        return self._receiver.reception if self._receiver else None

    def receive(self, packet: RtpPacket) -> None:
        if self._receiver is None or packet.ssrc != self._ssrc:
            self._receiver = self._start_source(packet.ssrc)
        self._enqueue(self._receiver, self._receiver.receive(packet))
        self._send_requests(self._receiver)

    def _start_source(self, ssrc: int) -> VideoReceiver:
        """Start with another source, such as another layer, which has its own clock and gets its own sink."""
        if self._ssrc is not None:
            self._sink.stop()
            self._sink = self._new_sink()
        self._ssrc = ssrc
        return VideoReceiver(ssrc, self._formats, own_ssrc=OWN_SSRC)

    def stop(self) -> None:
        """Write no more pictures from now on."""
        if not self._stopped:
            self._stopped = True
            self._sink.stop()
            self._decoding.cancel()
            if self._retry:
                self._retry.cancel()

    async def close(self) -> None:
        self.stop()
        await asyncio.wait([self._decoding])
        self._thread.shutdown(wait=False)

    def _enqueue(self, receiver: VideoReceiver, frames: list[VideoFrame]) -> None:
        for frame in frames:
            if self._queue.full():
                self._drop_waiting()
                receiver.request_key()
            self._queue.put_nowait((frame, self._sink))

    def _drop_waiting(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
        self._decoder = None

    def _send_requests(self, receiver: VideoReceiver) -> None:
        """Request missing packets and key frames, and again a little later as long as something is missing."""
        for packet in receiver.requests(self._now()):
            self._send(packet)
        if receiver.is_waiting and self._retry is None and not self._stopped:
            self._retry = asyncio.get_running_loop().call_later(RETRY_AFTER, self._retry_requests)

    def _retry_requests(self) -> None:
        self._retry = None
        if self._receiver:
            self._enqueue(self._receiver, self._receiver.give_up())
            self._send_requests(self._receiver)

    async def _decode_all(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            video, sink = await self._queue.get()
            try:
                picture = await loop.run_in_executor(self._thread, self._decode, video)
            except UndecodableError:
                self._request_key()
                continue
            if picture:
                sink.write(video.frame.timestamp * SECOND // RTP_CLOCK, picture)

    def _decode(self, video: VideoFrame) -> CodedPicture | None:
        if self._decoder is None or self._decoder.format is not video.format:
            self._decoder = Decoder(video.format, self._cache)
        return self._decoder.decode(video.frame)

    def _request_key(self) -> None:
        if self._receiver:
            self._receiver.request_key()
            self._send_requests(self._receiver)

    def _on_decoding_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._sink.fail(error)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
