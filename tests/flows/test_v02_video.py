"""Real video from the LiveKit SDK into the mock, watched from tests without an event loop of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from ovs_support.v02 import Caller

from ovs_mock import EndReason, Ovs, StreamState
from ovs_mock.engine.events import ResultReady, StateChanged, StreamEnded
from ovs_mock.video.background import BackgroundPublisher
from ovs_mock.video.patterns import solid


@contextmanager
def publishing(created: dict[str, dict[str, str]], pattern: str = "bars") -> Iterator[BackgroundPublisher]:
    """A publisher in the stream's room that sends a pattern, with its numbers, until the block ends."""
    livekit = created["livekit"]
    with BackgroundPublisher(livekit["url"], livekit["token"]) as publisher:
        publisher.publish_generated(640, 480, pattern=pattern)
        yield publisher


def stream_of(created: dict[str, str]) -> str:
    return created["stream_id"]


def texts(events: list[object]) -> list[str]:
    return [e.result.answer.text for e in events if isinstance(e, ResultReady)]


def test_the_model_describes_colours_and_the_index_of_its_frame(ovs: Ovs, call: Caller) -> None:
    for colour in ("red", "blue"):
        created = call.create()
        with publishing(created, colour):
            ovs.wait_for_frames(stream_of(created), 10)
            said = texts([*ovs.advance(1)])
        assert said
        assert all(colour in text and "640x480" in text and "stamp" in text for text in said)


def test_info_tells_the_size_and_the_rate_that_really_come(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    with publishing(created):
        ovs.wait_for_frames(stream_of(created), 40)
        info = call("GET", f"/streams/{stream_of(created)}/info").json()
    assert (info["frame_width"], info["frame_height"]) == (640, 480)
    assert info["state"] == "active"
    assert info["fps"] == pytest.approx(15, rel=0.25)


def test_a_jump_does_not_make_a_live_publisher_look_dead(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    with publishing(created):
        ovs.wait_for_frames(stream_of(created), 10)
        events = ovs.advance(30)
        assert [e for e in events if isinstance(e, StateChanged)] == []
        assert len(texts([*events])) >= 29
        view = ovs.wait_for_frames(stream_of(created), ovs.stream(stream_of(created)).frames_received + 5)
        assert view.state is StreamState.ACTIVE


def test_a_publisher_that_leaves_makes_it_idle_and_one_that_stays_away_ends_it(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    with publishing(created):
        ovs.wait_for_frames(stream_of(created), 5)
    ovs.wait_until(lambda: ovs.stream(stream_of(created)).state is StreamState.IDLE)
    (ended,) = [e for e in ovs.advance(16) if isinstance(e, StreamEnded)]
    assert ended.reason is EndReason.LIVEKIT_DISCONNECTED


def test_a_publisher_that_returns_with_a_fresh_token_resumes_it(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    with publishing(created):
        ovs.wait_for_frames(stream_of(created), 5)
    ovs.wait_until(lambda: ovs.stream(stream_of(created)).state is StreamState.IDLE)
    ovs.advance(10)
    token = call("POST", f"/streams/{stream_of(created)}/keepalive").json()["livekit_token"]
    before = ovs.stream(stream_of(created)).frames_received
    with publishing({"livekit": {"url": ovs.livekit_url, "token": token}}):
        view = ovs.wait_for_frames(stream_of(created), before + 5)
        assert view.state is StreamState.ACTIVE
        assert [e for e in ovs.advance(20) if isinstance(e, StreamEnded)] == []


def test_the_end_of_the_stream_ends_the_room(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    with publishing(created) as publisher:
        ovs.wait_for_frames(stream_of(created), 5)
        ovs.advance(46)
        assert publisher.wait_disconnected(5) == "ROOM_DELETED"


def test_the_prompt_script_gets_the_pixels(ovs: Ovs, call: Caller) -> None:
    ovs.model.when(prompt="left corner").reply(lambda question: f"{question.frames[-1].rgb()[470, 5].argmax()}")
    created = call.create(prompt="What is in the left corner?")
    with publishing(created, "green"):
        ovs.wait_for_frames(stream_of(created), 5)
        assert "1" in texts([*ovs.advance(1)])


def test_single_frames_can_be_sent_by_hand(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    livekit = created["livekit"]
    with BackgroundPublisher(livekit["url"], livekit["token"]) as publisher:
        publisher.publish(640, 480)
        publisher.play([solid("yellow")] * 5).result(10)
        ovs.wait_for_frames(stream_of(created))
        assert "yellow" in texts([*ovs.advance(1)])[-1]


class TestOnAFrozenClock:
    @pytest.fixture
    def ovs_clock(self) -> str:
        return "frozen"

    def test_frames_keep_their_spacing_while_the_clock_stands_still(self, ovs: Ovs, call: Caller) -> None:
        created = call.create()
        started = ovs.now()
        with publishing(created):
            view = ovs.wait_for_frames(stream_of(created), 31)
        assert ovs.now() == started
        assert view.fps == pytest.approx(15, rel=0.25)

    def test_inferences_run_only_as_the_clock_is_moved(self, ovs: Ovs, call: Caller) -> None:
        created = call.create()
        with publishing(created):
            ovs.wait_for_frames(stream_of(created), 20)
            done = ovs.stream(stream_of(created)).inferences_completed
            assert done <= 1, "the first frame is looked at when it comes"
            assert len(texts([*ovs.advance(3)])) == 3
        assert ovs.stream(stream_of(created)).running


def test_the_mock_serves_trio_as_well(ovs: Ovs, call: Caller) -> None:
    trio = pytest.importorskip("trio", reason="trio is not installed")
    stream_id = call.stream()

    async def main() -> int:
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ovs.api_key}"}) as http:
            ovs.advance(46)
            response = await http.get(f"{ovs.v02}/streams/{stream_id}/info")
            return response.status_code

    assert trio.run(main) == 404
