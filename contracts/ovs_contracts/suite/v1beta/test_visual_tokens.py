"""How many tokens a frame has: by its size for Qwen, by a budget for Gemma."""

from ovs_contracts.client.chat import MODEL, ChatClient, segment_of
from ovs_contracts.client.video import ALL_FRAMES, SIZE, prompt_tokens
from ovs_contracts.runner.marks import costs, documented, sends_video
from ovs_contracts.targets.target import FrameSource

GEMMA = "google/gemma-4-E4B-it"


@documented("visual tokens: Qwen about H*W/2048 a frame, also of other sizes")
@sends_video(8)
@costs(0.3)
def test_frames_by_their_size(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """A frame has about one token for each 2048 pixels."""
    for width, height in (SIZE, (480, 256)):
        tokens = _of_one_frame(v1beta, frame_source, (width, height), MODEL)
        about = width * height / 2048
        assert 0.8 * about <= tokens <= 1.3 * about, f"{tokens} tokens for {width}x{height}, about {about:g} expected"


@documented("visual tokens: Gemma a budget a frame, default 256")
@sends_video(4)
@costs(0.3)
def test_frames_by_a_budget(v1beta: ChatClient, frame_source: FrameSource) -> None:
    """A frame of any size has about 256 tokens."""
    tokens = _of_one_frame(v1beta, frame_source, SIZE, GEMMA)
    assert 230 <= tokens <= 290, f"{tokens} tokens for a frame"


def _of_one_frame(chat: ChatClient, frame_source: FrameSource, size: tuple[int, int], model: str) -> float:
    """The difference that eight frames make."""
    stream_id = chat.stream()
    frame_source.play(stream_id, 4, fps=4, size=size)
    asked = [segment_of(stream_id, f"start_frame_index=0&end_frame_index={count}&{ALL_FRAMES}") for count in (2, 10)]
    few, many = (prompt_tokens(chat.ask(part, model=model)) for part in asked)
    chat.delete(stream_id).expect(200)
    return (many - few) / 8
