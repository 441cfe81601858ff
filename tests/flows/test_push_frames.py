"""Frames that a test pushes are what the model sees, at the instants that were meant."""

import asyncio
import copy
import pickle
from dataclasses import asdict

import numpy as np
import pytest
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller

from ovs_mock import BackgroundMock, ClockError, Ovs, Question, Settings, StreamOverError, events
from ovs_mock.video.patterns import solid
from ovs_mock.video.pixels import Rgb


def test_the_model_sees_the_pixels_that_were_given(ovs: Ovs, call: Caller) -> None:
    seen: list[Rgb] = []

    def look(question: Question) -> str:
        seen.append(question.frames[-1].rgb())
        return "seen"

    picture = np.random.default_rng(7).integers(0, 256, (48, 64, 3), np.uint8)
    stream = ovs.stream(call.stream())
    ovs.model.reply(look)
    fired = stream.push_frames([picture])
    ovs.advance(0)

    assert (seen[0] == picture).all()
    assert [type(event) for event in fired].count(events.InferenceDue) == 1


def test_what_is_seen_of_pushed_frames_can_be_asserted(ovs: Ovs, call: Caller) -> None:
    stream = ovs.stream(call.stream())
    stream.push_frames([solid("red", 320, 240), solid("blue", 320, 240)], times=[0, 3.5])
    question = ovs.model.questions[-1]
    assert [(frame.index, frame.colour) for frame in question.frames] == [(0, "red")]
    ovs.advance(1)
    assert ovs.model.questions[-1].frames[-1].colour == "blue"
    assert ovs.stream(stream.id).frames_received == 2


@pytest.mark.ovs(clock="frozen")
def test_chats_ask_about_pushed_frames_by_their_times(ovs: Ovs) -> None:
    with ChatCaller(ovs, ovs.v1beta) as call:
        stream_id = call("POST", "/streams").json()["id"]
        begun = ovs.now()
        ovs.push_frames(stream_id, 3_000, fps=30)
    view = ovs.stream(stream_id)
    assert ovs.now() == pytest.approx(begun + 100, abs=1e-6)
    assert (view.frames_received, view.frames_retained, view.fps) == (3_000, 3_000, 30.0)


def test_streams_play_too(ovs: Ovs, call: Caller) -> None:
    call.stream()
    (stream,) = ovs.streams
    stream.play(2, fps=5, width=320, height=180)
    assert (ovs.stream(stream.id).frames_received, ovs.stream(stream.id).width) == (10, 320)


def test_a_view_is_equal_to_one_of_the_same_and_shows_the_stream_alone(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    first, second = ovs.stream(stream_id), ovs.stream(stream_id)
    assert first == second
    assert "Ovs" not in repr(first)
    assert asdict(first)["id"] == stream_id


def test_a_view_without_a_mock_cannot_push_frames(ovs: Ovs, call: Caller) -> None:
    stream = ovs.stream(call.stream())
    for elsewhere in (pickle.loads(pickle.dumps(stream)), copy.deepcopy(stream)):  # noqa: S301 - our own
        assert elsewhere == stream
        with pytest.raises(RuntimeError, match=rf"belongs to no mock: use ovs.stream\('{stream.id}'\)"):
            elsewhere.push_frames(1)


def test_pushing_frames_to_an_unknown_or_ended_stream_is_an_error(ovs: Ovs, call: Caller) -> None:
    stream = ovs.stream(call.stream())
    with pytest.raises(KeyError, match=stream.id):
        ovs.push_frames("nobody", 1)
    call("DELETE", f"/streams/{stream.id}")
    with pytest.raises(StreamOverError, match=r"has ended \(client_requested\)"):
        stream.push_frames([solid("red")])


async def test_async_tests_push_too(ovs: Ovs, call: Caller) -> None:
    stream = ovs.stream(call.stream())
    stream.push_frames(10, fps=10)
    await asyncio.to_thread(stream.push_frames, 10)
    assert ovs.wait_for_frames(stream.id, 20).frames_received == 20


def test_a_real_clock_takes_no_frames() -> None:
    with BackgroundMock(Settings(seed=1), clock="real") as mock, Caller(mock) as call:
        stream = mock.stream(call.stream())
        with pytest.raises(ClockError, match="cannot be moved"):
            stream.push_frames(1)
