"""How the watch handles the model's replies, and frames that are missing or evicted."""

import pytest
from door_watch import QUESTION, DoorWatch, NoVideoError

from ovs_mock import Ovs

OPEN = {"open": True, "sureness": 0.9}
CLOSED = {"open": False, "sureness": 0.8}


def test_the_model_says_that_the_door_is_open(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=2, fps=5)
    ovs.model.when(prompt="Is the door open").reply(OPEN)

    sighting = watch.look()

    assert sighting.door.open
    assert sighting.frame_index == 9
    # The question and the frame that it is about, besides the answer.
    (question,) = ovs.model.questions
    assert question.prompt == QUESTION
    assert [frame.index for frame in question.frames] == [9]
    assert question.schema is not None


def test_without_a_script_the_reply_still_fits_the_schema(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1)
    assert isinstance(watch.look().door.open, bool)


def test_it_waits_for_the_camera(ovs: Ovs, watch: DoorWatch) -> None:
    watch.wait_for_video()
    assert ovs.stream(watch.stream_id).frames_received > 0


def test_it_gives_up_on_a_camera_that_is_off(ovs: Ovs, blind_watch: DoorWatch) -> None:
    began = ovs.now()
    with pytest.raises(NoVideoError):
        blind_watch.wait_for_video()
    assert ovs.now() - began == pytest.approx(45)


def test_a_frame_that_has_not_come_yet(ovs: Ovs, watch: DoorWatch) -> None:
    ovs.play(watch.stream_id, seconds=1, fps=10)
    assert watch.look_at(10) is None
    ovs.journal.assert_requested("POST", "*/chat/completions", times=1, status=409)


def test_a_frame_that_is_not_kept_any_more(ovs: Ovs, watch: DoorWatch) -> None:
    watch.wait_for_video()
    list(watch.watch(660, every=110))  # eleven minutes, of which the last ten are kept
    assert watch.look_at(0) is None
    ovs.journal.assert_requested("POST", "*/chat/completions", times=1, status=410)


def test_the_door_opens_while_it_is_watched(ovs: Ovs, watch: DoorWatch) -> None:
    watch.wait_for_video()
    ovs.model.reply(CLOSED, CLOSED, OPEN)
    assert [sighting.door.open for sighting in watch.watch(30, every=10)] == [False, False, True]
