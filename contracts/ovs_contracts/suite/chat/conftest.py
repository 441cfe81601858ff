"""A stream with video, of each chat version."""

import pytest

from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.video import VideoStream, stream_with_video
from ovs_contracts.targets.target import FrameSource


@pytest.fixture
def video(chat: ChatClient, frame_source: FrameSource) -> VideoStream:
    """A new stream with five seconds of video, 4 frames per second. Mark the check with ``sends_video(5)``."""
    return stream_with_video(chat, frame_source)
