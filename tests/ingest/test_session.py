"""Transcripts of signalling: what a client says, and what it is told."""

from itertools import count

import pytest
from livekit.protocol import models, rtc

from ovs_mock.ingest.livekit.actions import AcceptAnswer, AddCandidate, AnswerOffer, Finish, MakeOffer, Output, Send
from ovs_mock.ingest.livekit.codec import Join
from ovs_mock.ingest.livekit.session import SignallingSession
from ovs_mock.runtime.livekit_tokens import Grant

NOW = 1_800_000_000_000_000
OFFER = rtc.SessionDescription(type="offer", sdp="v=0 offer", id=3)
CAMERA = rtc.AddTrackRequest(
    cid="client-id",
    name="camera",
    type=models.VIDEO,
    source=models.CAMERA,
    width=1280,
    height=720,
    layers=[models.VideoLayer(quality=models.HIGH), models.VideoLayer(quality=models.LOW)],
    simulcast_codecs=[rtc.SimulcastCodec(codec="vp8")],
)


def session(join: Join | None = None, *, can_publish: bool = True, single_connection: bool = True) -> SignallingSession:
    numbers = count(1)
    grant = Grant("room", "camera", can_publish, NOW)
    return SignallingSession(
        grant, join or Join(), lambda tag: f"{tag}_{next(numbers)}", single_connection=single_connection
    )


def sent(outputs: list[Output]) -> list[rtc.SignalResponse]:
    return [output.message for output in outputs if isinstance(output, Send)]


def only(outputs: list[Output]) -> rtc.SignalResponse:
    (message,) = sent(outputs)
    return message


def test_a_client_with_one_connection_is_greeted_and_answered() -> None:
    welcome, answer = session(Join(offer=OFFER)).start(NOW)
    assert isinstance(welcome, Send)
    join = welcome.message.join
    assert join.room.name == "room"
    assert (join.participant.identity, join.participant.sid) == ("camera", "PA_1")
    assert join.participant.permission.can_publish
    assert join.participant.joined_at == NOW // 1_000_000
    assert join.ping_interval > 0, "the Rust SDKs abort otherwise"
    assert not join.subscriber_primary
    assert join.fast_publish
    assert answer == AnswerOffer("v=0 offer", 3)


def test_a_client_with_two_connections_is_greeted_and_made_an_offer() -> None:
    welcome, offer = session(single_connection=False).start(NOW)
    assert isinstance(welcome, Send)
    assert welcome.message.join.subscriber_primary
    assert offer == MakeOffer()


def test_tracks_may_be_announced_on_arrival() -> None:
    messages = sent(session(Join(offer=OFFER, tracks=(CAMERA,))).start(NOW))
    assert [message.WhichOneof("message") for message in messages] == ["join", "track_published"]


def test_a_client_that_comes_back_is_told_to_start_anew() -> None:
    *_, finish = outputs = session(Join(reconnect=True)).start(NOW)
    leave = only(outputs).leave
    assert leave.action == rtc.LeaveRequest.RECONNECT
    assert leave.can_reconnect
    assert finish == Finish()


def test_answers_carry_the_number_of_their_offer() -> None:
    talking = session()
    assert talking.receive(rtc.SignalRequest(offer=OFFER), NOW) == [AnswerOffer("v=0 offer", 3)]
    assert only(talking.answered("v=0 answer", 3)).answer == rtc.SessionDescription(
        type="answer", sdp="v=0 answer", id=3
    )
    assert only(talking.offered("v=0 ours")).offer.sdp == "v=0 ours"


def test_the_answer_to_our_offer_is_accepted() -> None:
    request = rtc.SignalRequest(answer=rtc.SessionDescription(type="answer", sdp="v=0 answer"))
    assert session().receive(request, NOW) == [AcceptAnswer("v=0 answer")]


@pytest.mark.parametrize(("target", "to_subscriber"), [(rtc.PUBLISHER, False), (rtc.SUBSCRIBER, True)])
def test_candidates_go_to_their_connection(target: rtc.SignalTarget, to_subscriber: bool) -> None:  # noqa: FBT001
    trickle = rtc.TrickleRequest(candidateInit='{"candidate": "candidate:1"}', target=target)
    outputs = session().receive(rtc.SignalRequest(trickle=trickle), NOW)
    assert outputs == [AddCandidate("candidate:1", to_subscriber)]


def test_the_last_candidate_says_nothing() -> None:
    trickle = rtc.TrickleRequest(candidateInit='{"candidate": ""}', final=True)
    assert session().receive(rtc.SignalRequest(trickle=trickle), NOW) == []


def test_a_track_is_published_under_the_name_that_the_client_gave_it() -> None:
    talking = session()
    published = only(talking.receive(rtc.SignalRequest(add_track=CAMERA), NOW)).track_published
    assert published.cid == "client-id"
    assert published.track.sid.startswith("TR_")
    assert (published.track.width, published.track.height) == (1280, 720)
    assert published.track.source == models.CAMERA
    assert published.track.mime_type == "video/VP8"
    assert published.track.simulcast
    assert talking.tracks == {published.track.sid: published.track}


def test_a_viewer_publishes_nothing() -> None:
    talking = session(can_publish=False)
    refusal = only(talking.receive(rtc.SignalRequest(add_track=CAMERA), NOW)).request_response
    assert refusal.reason == rtc.RequestResponse.NOT_ALLOWED
    assert talking.tracks == {}


def test_muting_is_noted() -> None:
    talking = session()
    sid = only(talking.receive(rtc.SignalRequest(add_track=CAMERA), NOW)).track_published.track.sid
    for named in (sid, "TR_unknown"):
        mute = rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid=named, muted=True))
        assert talking.receive(mute, NOW) == []
    assert talking.tracks[sid].muted


def test_both_kinds_of_ping_are_answered() -> None:
    talking = session()
    new = rtc.SignalRequest(ping_req=rtc.Ping(timestamp=7))
    assert only(talking.receive(new, NOW)).pong_resp == rtc.Pong(last_ping_timestamp=7, timestamp=NOW // 1_000)
    assert only(talking.receive(rtc.SignalRequest(ping=7), NOW)).pong == 7


def test_what_only_matters_to_subscribers_is_passed_over() -> None:
    for request in (
        rtc.SignalRequest(subscription=rtc.UpdateSubscription()),
        rtc.SignalRequest(sync_state=rtc.SyncState()),
        rtc.SignalRequest(),
    ):
        assert session().receive(request, NOW) == []


def test_a_client_that_leaves_is_let_go() -> None:
    talking = session()
    assert talking.receive(rtc.SignalRequest(leave=rtc.LeaveRequest()), NOW) == [Finish()]
    assert talking.receive(rtc.SignalRequest(ping=7), NOW) == []
    assert talking.refresh("token") == []
    assert talking.end(models.ROOM_DELETED, rtc.LeaveRequest.DISCONNECT) == []


def test_a_room_that_closed_in_the_meantime_greets_nobody() -> None:
    talking = session()
    talking.end(models.ROOM_DELETED, rtc.LeaveRequest.DISCONNECT)
    assert talking.start(NOW) == []


def test_a_client_is_told_why_it_has_to_go() -> None:
    *_, finish = outputs = session().end(models.ROOM_DELETED, rtc.LeaveRequest.DISCONNECT)
    leave = only(outputs).leave
    assert (leave.reason, leave.action, leave.can_reconnect) == (
        models.ROOM_DELETED,
        rtc.LeaveRequest.DISCONNECT,
        False,
    )
    assert finish == Finish()


def test_a_fresh_token_is_handed_out() -> None:
    assert only(session().refresh("token")).refresh_token == "token"
