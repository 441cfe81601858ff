"""Pictures become frames of their stream, at their own spacing, until the sink is stopped."""

from ovs_support.engine import Blank
from ovs_support.ingest import Mock

from ovs_mock.engine.instants import SECOND
from ovs_mock.ingest.frame_sink import FrameSink


async def test_pictures_become_frames_at_their_media_spacing(mock: Mock) -> None:
    stream_id = mock.create_stream()
    sink = FrameSink(mock.runtime, stream_id)
    sink.write(5_000_000, Blank())
    await mock.runtime.advance(SECOND)
    sink.write(6_000_000, Blank())
    first, second = mock.frames(stream_id)
    assert SECOND <= second.at - first.at <= SECOND + SECOND // 4


async def test_after_a_stop_nothing_is_written(mock: Mock) -> None:
    stream_id = mock.create_stream()
    sink = FrameSink(mock.runtime, stream_id)
    sink.stop()
    sink.write(0, Blank())
    FrameSink(mock.runtime, stream_id, open_=False).write(0, Blank())
    assert mock.frames(stream_id) == []
