"""Decoding, as frames arrive."""

from typing import TYPE_CHECKING

from av.error import FFmpegError
from av.packet import Packet

from ovs_mock.ingest.webrtc.depacketizer import EncodedFrame
from ovs_mock.ingest.webrtc.formats import VideoFormat
from ovs_mock.ingest.webrtc.pictures import CodedPicture, DecodedCache, GroupOfPictures, new_decoder

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext


class UndecodableError(Exception):
    """The frame is damaged, or what it builds on is missing."""


class Decoder:
    """Decodes the frames of one format in order, so that only what is decodable counts as a frame."""

    def __init__(self, format_: VideoFormat, cache: DecodedCache) -> None:
        self.format = format_
        self._cache = cache
        self._context: VideoCodecContext | None = None
        self._group: GroupOfPictures | None = None

    def decode(self, frame: EncodedFrame) -> CodedPicture | None:
        """The picture, ``None`` for a frame that shows nothing. After UndecodableError only a key frame helps."""
        if frame.is_key:
            self._group = GroupOfPictures(self.format, self._cache)
            self._context = self._context or new_decoder(self.format)
        if self._group is None or self._context is None:
            raise UndecodableError("a frame without the key frame that it builds on")
        try:
            decoded = self._context.decode(Packet(frame.data))
        except FFmpegError as error:
            self._group = self._context = None
            raise UndecodableError(str(error)) from None
        shown = decoded[-1] if decoded else None
        place = self._group.append(frame.data, shown)
        return CodedPicture(self._group, place, shown.width, shown.height) if shown else None
