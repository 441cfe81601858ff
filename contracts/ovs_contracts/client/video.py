"""A stream with video in it, and what a model is given of that."""

import re
from functools import cached_property
from typing import Any

from ovs_contracts.client.chat import ChatClient, frame_of, segment_of
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import Exchange

# A multiple of the pixels that make a token.
SIZE = (320, 192)
# Every frame of a segment, whatever the video's rate.
ALL_FRAMES = "max_fps=1000"


class VideoStream:
    """A stream that has at least twelve frames. Counts are taken from ``usage``, as pictures count as tokens."""

    def __init__(self, chat: ChatClient, stream_id: str) -> None:
        self.chat = chat
        self.id = stream_id

    def status(self) -> dict[str, Any]:
        return self.chat.status(self.id)

    def frame(self, query: str, **more: Any) -> Exchange:
        """Ask about a frame."""
        return self.chat.ask(frame_of(self.id, query), **more)

    def segment(self, query: str, **more: Any) -> Exchange:
        """Ask about a segment."""
        return self.chat.ask(segment_of(self.id, query), **more)

    def frames_given(self, exchange: Exchange) -> int:
        """How many frames of this video a model was given, by the tokens of those that are known to be so many."""
        four, twelve = self._tokens_of_four_and_twelve
        return round(4 + (prompt_tokens(exchange) - four) * 8 / (twelve - four))

    @cached_property
    def _tokens_of_four_and_twelve(self) -> tuple[int, int]:
        asked = [self.segment(f"start_frame_index=0&end_frame_index={count}&{ALL_FRAMES}") for count in (4, 12)]
        four, twelve = map(prompt_tokens, asked)
        assert four < twelve, "more frames have more tokens"
        return four, twelve


def stream_with_video(
    chat: ChatClient,
    frame_source: FrameSource,
    seconds: float = 5,
    *,
    fps: float = 4,
    later: tuple[TargetTime, float] | None = None,
) -> VideoStream:
    """A new stream with so many seconds of video, which begins at once or some seconds later by a clock."""
    stream_id = chat.stream()
    if later is not None:
        clock, pause = later
        clock.let_pass(pause)
    frame_source.play(stream_id, seconds, fps=fps, size=SIZE)
    return VideoStream(chat, stream_id)


def stream_with_evicted_frames(chat: ChatClient, frame_source: FrameSource) -> VideoStream:
    """A new stream with 702 seconds of video, a frame every two seconds: some of it has left the buffer."""
    stream_id = chat.stream()
    for _ in range(3):
        frame_source.play(stream_id, 234, fps=0.5, size=SIZE)
        chat.keepalive(stream_id).expect(200)
    return VideoStream(chat, stream_id)


def prompt_tokens(exchange: Exchange) -> int:
    """Those of the text and of the pictures that a model was given."""
    return int(exchange.expect(200).json["usage"]["prompt_tokens"])


def named_frames(exchange: Exchange) -> list[int]:
    """The indices of the frames that the mock's model says it was given, at most eight a part."""
    said = exchange.expect(200).json["choices"][0]["message"]["content"]
    return [int(index) for index in re.findall(r"#(\d+)", said)]
