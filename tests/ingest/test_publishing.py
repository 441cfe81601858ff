"""Real LiveKit clients that publish into a mock. What takes real time here is their pace."""

import asyncio
from functools import partial
from itertools import count, pairwise
from typing import Any

import aioice
import pytest
from livekit import rtc
from ovs_support.ingest import Mock, Publisher, colour_of, plain, serve, striped

from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.stream import StreamState
from ovs_mock.runtime.clock import FrozenClock

RED, BLUE = (220, 20, 20), (20, 20, 220)
MODES: list[dict[str, Any]] = [{}, {"single_peer_connection": True}, {"single_peer_connection": False}]
# What the Overshoot client publishes with.
OFFICIAL: dict[str, Any] = {"fps": 6.0, "encoding": {"max_framerate": 6.0, "max_bitrate": 2_000_000}}


@pytest.mark.parametrize("options", MODES, ids=["default", "single", "dual"])
async def test_every_mode_of_the_client_publishes(mock: Mock, options: dict[str, Any]) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id, **options) as publisher:
        await publisher.publish(plain(RED), fps=20)
        frames = await mock.until_frames(stream_id, 10)
        assert is_red(colour_of(frames[-1]))
        assert mock.stream(stream_id).state is StreamState.ACTIVE
    await mock.runtime.until(mock.left)
    assert [joined.identity for joined in mock.joined()] == ["camera"]
    assert [left.identity for left in mock.left()] == ["camera"]


async def test_colours_arrive(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(lambda n: plain(RED if n < 20 else BLUE)(n), fps=20, count=40)
        await publisher.fed()
        colours = [colour_of(frame) for frame in await mock.until_frames(stream_id, 38)]
    assert [is_red(colour) for colour in colours] == sorted((is_red(colour) for colour in colours), reverse=True)
    assert 16 <= sum(map(is_red, colours)) <= 20
    assert 16 <= sum(map(is_blue, colours)) <= 20


async def test_nearly_all_frames_arrive_and_keep_their_spacing(mock: Mock) -> None:
    """The client's own limit for this size is 20 frames a second by default."""
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        encoding = {"max_framerate": 30.0, "max_bitrate": 2_000_000}
        await publisher.publish(striped((640, 480)), count=300, fps=30, encoding=encoding)
        frames = await mock.until_frames(stream_id, 285)
        await publisher.fed()
    assert {(frame.picture.width, frame.picture.height) for frame in frames} == {(640, 480)}
    gaps = [later.at - earlier.at for earlier, later in pairwise(frames)]
    assert sum(30_000 <= gap <= 37_000 for gap in gaps) >= 0.9 * len(gaps)


async def test_lost_packets_are_sent_again(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """One datagram of media in twenty is lost, of those that are sent again too."""
    numbers, receive = count(), aioice.Connection.data_received

    def lossy(connection: aioice.Connection, data: bytes, component: int) -> None:
        is_media = data[0] >= 128
        if not is_media or next(numbers) % 20:
            receive(connection, data, component)

    monkeypatch.setattr(aioice.Connection, "data_received", lossy)
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(striped((640, 480)), count=60, fps=20)
        frames = await mock.until_frames(stream_id, 50)
    assert {colour_of(frame)[0] > 0 for frame in frames} == {True}


@pytest.mark.parametrize("size", [(640, 480), (1280, 720)], ids=["480p", "720p"])
@pytest.mark.parametrize("options", [{"fps": 20.0}, OFFICIAL], ids=["default", "official"])
async def test_pictures_arrive_in_full_size(mock: Mock, size: tuple[int, int], options: dict[str, Any]) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(striped(size), size=size, **options)
        frames = await mock.until_frames(stream_id, 12)
    assert {(frame.picture.width, frame.picture.height) for frame in frames} == {size}


async def test_h264_arrives(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(plain(BLUE), fps=20, video_codec=rtc.VideoCodec.H264)
        assert is_blue(colour_of((await mock.until_frames(stream_id, 10))[-1]))


async def test_a_track_is_taken_back_and_published_anew(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        first = await publisher.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 5)
        await publisher.stop()
        await publisher.room.local_participant.unpublish_track(first.sid)
        before = mock.stream(stream_id).frames.received
        await publisher.publish(plain(BLUE), fps=20)
        frames = await mock.until_frames(stream_id, before + 5)
        assert is_blue(colour_of(frames[-1]))
        assert not mock.left()


async def test_a_second_track_goes_into_the_same_stream(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 5)
        await publisher.publish(plain(BLUE), fps=20)
        await mock.runtime.until(
            lambda: {is_red(colour_of(frame)) for frame in mock.frames(stream_id)} == {True, False}
        )


async def test_no_frame_comes_after_its_publisher_left(mock: Mock) -> None:
    stream_id = mock.create_stream()
    publisher = await Publisher(mock, stream_id).connect()
    await publisher.publish(plain(RED), fps=30)
    await mock.until_frames(stream_id, 5)
    await publisher.close()
    await mock.runtime.until(mock.left)
    assert mock.stream(stream_id).state is StreamState.IDLE
    assert mock.runtime.commands[-1] in mock.left()


async def test_a_publisher_that_comes_back_goes_on(mock: Mock) -> None:
    stream_id = mock.create_stream()
    for times in (1, 2):
        async with Publisher(mock, stream_id) as publisher:
            await publisher.publish(plain(RED), fps=20)
            await mock.until_frames(stream_id, 5 * times)
        await mock.runtime.until(partial(has_left, mock, times))
    assert mock.stream(stream_id).running


async def test_a_client_whose_socket_drops_joins_and_publishes_anew(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 5)
        (participant,) = mock.gateway.rooms._participants.values()
        participant.close_socket()
        await mock.runtime.until(lambda: len(mock.joined()) == 2)
        assert len(mock.left()) == 1
        await mock.until_frames(stream_id, mock.stream(stream_id).frames.received + 5)


async def test_a_client_whose_media_path_breaks_joins_and_publishes_anew(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 5)
        (participant,) = mock.gateway.rooms._participants.values()
        await participant._publisher._transport._ice.close()
        await mock.runtime.until(lambda: len(mock.joined()) == 2)
        assert len(mock.left()) == 1
        await mock.until_frames(stream_id, mock.stream(stream_id).frames.received + 5)


async def test_the_end_of_the_stream_is_the_end_of_the_room(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as publisher:
        await publisher.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 3)
        mock.end_stream(stream_id)
        assert await publisher.until_disconnected() == rtc.DisconnectReason.ROOM_DELETED


async def test_a_lease_that_runs_out_while_the_clock_moves_is_told_at_once(mock: Mock) -> None:
    stream_id = mock.create_stream(lease=45 * SECOND)
    async with Publisher(mock, stream_id) as publisher:
        await mock.runtime.advance(46 * SECOND)
        assert await publisher.until_disconnected() == rtc.DisconnectReason.ROOM_DELETED


async def test_a_second_client_takes_the_place_of_the_first(mock: Mock) -> None:
    stream_id = mock.create_stream()
    async with Publisher(mock, stream_id) as first:
        await first.publish(plain(RED), fps=20)
        await mock.until_frames(stream_id, 3)
        async with Publisher(mock, stream_id) as second:
            assert await first.until_disconnected() == rtc.DisconnectReason.DUPLICATE_IDENTITY
            await second.publish(plain(BLUE), fps=20)
            await mock.runtime.until(lambda: is_blue(colour_of(mock.frames(stream_id)[-1])))
            assert not mock.left()


async def test_a_fresh_token_is_handed_out_when_half_of_the_old_one_is_gone(mock: Mock) -> None:
    stream_id = mock.create_stream(lease=3_600 * SECOND)
    async with Publisher(mock, stream_id) as publisher:
        await mock.runtime.advance(301 * SECOND)
        async with asyncio.timeout(5):
            await publisher.tokens_refreshed.wait()


@pytest.mark.parametrize(
    ("token", "complaint"),
    [
        (lambda mock, stream_id: "nonsense", "not one of this server's"),
        (lambda mock, stream_id: mock.token("another stream"), "the room does not exist"),
        (lambda mock, stream_id: mock.token(stream_id, lifetime=-1), "the token has expired"),
    ],
    ids=["forged", "other room", "expired"],
)
async def test_a_token_that_opens_no_room_fails_fast_and_clearly(mock: Mock, token: Any, complaint: str) -> None:
    room = rtc.Room()
    with pytest.raises(rtc.ConnectError, match=complaint):
        async with asyncio.timeout(2):
            await room.connect(mock.url, token(mock, mock.create_stream()))


async def test_a_frozen_clock_keeps_the_spacing_of_the_video() -> None:
    clock = FrozenClock()
    async with serve(clock) as mock:
        stream_id = mock.create_stream()
        async with Publisher(mock, stream_id) as publisher:
            await publisher.publish(plain(RED), fps=20)
            frames = await mock.until_frames(stream_id, 20)
    assert frames[0].at == clock.now()
    assert frames[-1].at - frames[0].at == pytest.approx(19 * SECOND / 20, rel=0.2)


def has_left(mock: Mock, times: int) -> bool:
    return len(mock.left()) == times


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 150 > 100 > colour[2]


def is_blue(colour: tuple[int, int, int]) -> bool:
    return colour[2] > 150 > 100 > colour[0]
