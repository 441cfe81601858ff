"""Real video from the LiveKit SDK, and questions about exact frames of it, in both versions with chats.

The versions share their streams, so that one video serves both.
"""

import re
from collections.abc import Iterator

import pytest
from openai import OpenAI
from ovs_support.chat import MODEL, ChatCaller, frame_url

from ovs_mock import BackgroundPublisher, Ovs

FPS = 10
SECONDS = 6


class Asker:
    """The openai client on one version, asking about one stream."""

    def __init__(self, mock: Ovs, base: str, stream_id: str) -> None:
        self._mock = mock
        self._stream_id = stream_id
        self.openai = OpenAI(base_url=base, api_key=mock.api_key, max_retries=0)

    def answer(self, kind: str, query: str) -> str:
        """What the model says of an image or a video."""
        url = {"url": f"ovs://streams/{self._stream_id}?{query}"}
        part = {"type": "image_url", "image_url": url} if kind == "image" else {"type": "video_url", "video_url": url}
        message = {"role": "user", "content": [{"type": "text", "text": "What is there?"}, part]}
        reply = self.openai.chat.completions.create(model=MODEL, messages=[message])  # type: ignore[list-item]
        return reply.choices[0].message.content or ""

    def seen(self, kind: str, query: str) -> list[tuple[int, int]]:
        """Index and stamp of each frame that the model saw."""
        self.answer(kind, query)
        frames = self._mock.model.questions[-1].frames
        return [(frame.index, frame.stamp.number) for frame in frames if frame.stamp]


@pytest.fixture
def stream_id(ovs: Ovs) -> Iterator[str]:
    """A stream into which video was published."""
    with ChatCaller(ovs, ovs.v1beta) as call:
        created = call.create()
        with BackgroundPublisher(created["publish"]["url"], created["publish"]["token"]) as publisher:
            publisher.publish_generated(640, 480, fps=FPS)
            ovs.wait_for_frames(created["id"], SECONDS * FPS, timeout=30)
        yield created["id"]


def test_exact_frames_are_answered_with_their_stamps_until_they_are_too_old(ovs: Ovs, stream_id: str) -> None:
    for base in (ovs.v1, ovs.v1beta):
        asker = Asker(ovs, base, stream_id)
        assert_exact_frames(asker, ovs.stream(stream_id).frames_received)
        asker.openai.close()

    move_first_half_out_of_retention(ovs, stream_id)
    with ChatCaller(ovs, ovs.v1) as v1, ChatCaller(ovs, ovs.v1beta) as v1beta:
        oldest = v1.status(stream_id)["first_available_frame_index"]
        assert 0 < oldest < SECONDS * FPS
        clamped = v1.chat("What was there?", frame_url(stream_id, "frame_index=0"))
        assert re.search(rf"#{oldest}\b", clamped.json()["choices"][0]["message"]["content"])
        gone = v1beta.chat("What was there?", frame_url(stream_id, "frame_index=0"))
        assert (gone.status_code, gone.json()["detail"]["error"]["code"]) == (410, "frame_evicted")


def assert_exact_frames(asker: Asker, received: int) -> None:
    ((last, last_stamp),) = asker.seen("image", "frame_index=-1")
    ((first, first_stamp),) = asker.seen("image", "frame_index=0")
    assert (first, last) == (0, received - 1)
    assert first_stamp < last_stamp
    assert f"stamp {first_stamp}" in asker.answer("image", "frame_index=0")

    ((at_two_seconds, stamp),) = asker.seen("image", "timestamp_ms=2000")
    assert at_two_seconds == pytest.approx(2 * FPS, abs=3)
    assert stamp - first_stamp == pytest.approx(2 * FPS, abs=3)

    last_five_seconds = asker.seen("video", "start_offset_ms=-5000&max_fps=2")
    assert len(last_five_seconds) in (10, 11)
    stamps = [stamp for _, stamp in last_five_seconds]
    assert stamps == sorted(set(stamps))

    between = asker.seen("video", "start_frame_index=10&end_frame_index=20&max_fps=1000")
    assert [index for index, _ in between] == list(range(10, 20))


def move_first_half_out_of_retention(mock: Ovs, stream_id: str) -> None:
    """Move the clock, with keepalives, until half of the video is older than the 600 s that are retained."""
    with ChatCaller(mock, mock.v1) as call:
        for _ in range(2):
            mock.advance(199)
            assert call("POST", f"/streams/{stream_id}/keepalive").status_code == 200
        newest_at = call.status(stream_id)["last_frame_at_ms"] / 1_000
        mock.advance(600 - SECONDS / 2 - (mock.now() - newest_at))
