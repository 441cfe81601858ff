"""How many frames a model was given shows in the tokens, whatever a frame has of them."""

import json
from typing import Any, cast

import pytest
from ovs_contracts.client.billing import cost_of
from ovs_contracts.client.chat import ChatClient
from ovs_contracts.client.video import VideoStream, named_frames
from ovs_contracts.transport.exchange import Call, Deviation, Exchange

TEXT_TOKENS = 7


def answered(tokens: int, words: str = "", *, status: int = 200, cached: int = 0) -> Exchange:
    call = Call(method="POST", url="http://mock/v1/chat/completions", path="/v1/chat/completions", headers={})
    body: dict[str, Any] = {
        "choices": [{"message": {"content": words}}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 5},
        "overshoot": {"cache": {"cached_input_tokens": cached}},
    }
    return Exchange(call=call, status=status, headers={}, body=json.dumps(body).encode(), seconds=0)


class Counting:
    """Answers about the first four and the first twelve frames."""

    def __init__(self, tokens_per_frame: float) -> None:
        self.per_frame = tokens_per_frame

    def ask(self, part: dict[str, Any]) -> Exchange:
        frames = 12 if "end_frame_index=12" in part["video_url"]["url"] else 4
        return self.about(frames)

    def about(self, frames: int) -> Exchange:
        return answered(TEXT_TOKENS + round(frames * self.per_frame))


@pytest.mark.parametrize("per_frame", [1, 30, 97.6, 256])
def test_frames_are_counted(per_frame: float) -> None:
    counting = Counting(per_frame)
    video = VideoStream(cast(ChatClient, counting), "some-stream")
    counts = [1, 3, 8, 20]
    assert [video.frames_given(counting.about(count)) for count in counts] == counts


def test_frames_are_named() -> None:
    assert named_frames(answered(1, "image: 1 frame #12, 640x360; video: 2 frames #3 #4")) == [12, 3, 4]
    with pytest.raises(Deviation):
        named_frames(answered(1, status=500))


def test_what_completions_cost() -> None:
    price = {
        "input_microcents_per_token": 10,
        "cached_input_microcents_per_token": 1,
        "output_microcents_per_token": 100,
    }
    assert cost_of(answered(20, cached=8), price) == 12 * 10 + 8 * 1 + 5 * 100
