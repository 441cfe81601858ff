"""Where a stream's video comes from."""

from typing import Any

import pytest

from ovs_mock.api.chat.sources import source
from ovs_mock.api.errors import InvalidBodyError
from ovs_mock.engine.stream import CameraSource, NativeSource


@pytest.mark.parametrize("body", [None, {}, {"source": None}, {"source": {"type": "livekit"}}, {"other": 1}])
def test_by_default_the_caller_publishes(body: Any) -> None:
    assert source(body) == NativeSource()


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("rtsp", "rtsp://user:secret@10.0.0.5/stream"),
        ("rtsp", "rtsps://camera.example:322/1"),
        ("hls", "http://127.0.0.1:8000/live.m3u8"),
        ("hls", "https://camera.example/live.m3u8?token=secret"),
    ],
)
def test_cameras_are_accepted_and_their_urls_hidden(kind: Any, url: str) -> None:
    camera = source({"source": {"type": kind, "url": url}})
    assert camera == CameraSource(kind, url)
    assert "secret" not in repr(camera)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"source": "rtsp"},
        {"source": {}},
        {"source": {"type": "file", "url": "file:///secret"}},
        {"source": {"type": "rtsp"}},
        {"source": {"type": "rtsp", "url": "http://secret"}},
        {"source": {"type": "rtsp", "url": "rtsp://"}},
        {"source": {"type": "rtsp", "url": "rtsp://[secret"}},
        {"source": {"type": "hls", "url": "rtsp://secret"}},
        {"source": {"type": "hls", "url": 1}},
    ],
)
def test_other_sources_are_invalid_and_not_repeated(wrong: Any) -> None:
    with pytest.raises(InvalidBodyError) as invalid:
        source(wrong)
    assert invalid.value.details
    assert "secret" not in str(invalid.value.details)
