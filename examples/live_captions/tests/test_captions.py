"""Captions, prompts, the lease, and the end of the stream."""

import asyncio

import pytest
from captions_support import Naps, Screen
from live_captions import CaptionsOverError, LiveCaptions, RefusedError

from ovs_mock import Ovs, Reply, events


async def test_captions_are_what_the_model_says(ovs: Ovs, captions: LiveCaptions, screen: Screen) -> None:
    ovs.model.reply("a cat", "a dog")
    ovs.play(captions.stream_id, seconds=2)
    assert [await screen.next(), await screen.next()] == ["a cat", "a dog"]


async def test_what_failed_is_not_shown(ovs: Ovs, captions: LiveCaptions, screen: Screen) -> None:
    ovs.model.reply(Reply(error="no GPU is free"), "a dog")
    ovs.play(captions.stream_id, seconds=2)
    assert await screen.next() == "a dog"
    assert ovs.stream(captions.stream_id).inferences_failed == 1


async def test_a_new_prompt_is_asked_from_then_on(ovs: Ovs, captions: LiveCaptions, screen: Screen) -> None:
    ovs.model.when(prompt="What is there?").reply("a room")
    ovs.model.when(prompt="How many people").reply("three")
    ovs.play(captions.stream_id, seconds=0.5)
    assert await screen.next() == "a room"

    await captions.change_prompt("How many people?")
    ovs.play(captions.stream_id, seconds=1)

    assert await screen.next() == "three"


async def test_the_lease_is_renewed_at_half_of_its_time(ovs: Ovs, captions: LiveCaptions, naps: Naps) -> None:
    nap = await naps.next()
    assert nap.seconds == 45 / 2
    for _ in range(20):
        ovs.advance(nap.seconds)
        nap.wake()
        nap = await naps.next()
    assert ovs.stream(captions.stream_id).running, "after seven and a half minutes"
    assert len(ovs.journal.events(events.LeaseRenewed)) == 20


async def test_a_lease_that_nobody_renewed(ovs: Ovs, captions: LiveCaptions, screen: Screen) -> None:
    ovs.advance(46)
    with pytest.raises(CaptionsOverError, match="lease_expired"):
        await screen.task


@pytest.mark.ovs(credits_cents=1)
async def test_money_that_runs_out(ovs: Ovs, captions: LiveCaptions, screen: Screen, naps: Naps) -> None:
    for _ in range(2):
        nap = await naps.next()
        ovs.advance(nap.seconds)
        nap.wake()
    assert (await naps.next()).seconds == 2, "it was told that there are no credits, and will try again"
    ovs.advance(45)
    with pytest.raises(CaptionsOverError, match="insufficient_credits"):
        await screen.task


async def test_a_key_that_was_revoked(ovs: Ovs, captions: LiveCaptions) -> None:
    ovs.revoke(ovs.api_key)
    with pytest.raises(RefusedError):
        await anext(captions.captions())
    ovs.register_key(ovs.api_key)


@pytest.mark.parametrize("code", [None, 1012, 1013])
async def test_it_comes_back_when_the_socket_breaks(
    ovs: Ovs, captions: LiveCaptions, screen: Screen, naps: Naps, code: int | None
) -> None:
    await naps.next()  # the sleep until the next keepalive
    socket = ovs.faults.on_socket(captions.stream_id)
    _ = socket.drop() if code is None else socket.close(code, "try again")

    nap = await naps.next()
    assert nap.seconds == 1
    nap.wake()
    await asyncio.to_thread(ovs.wait_for_watchers, captions.stream_id)

    ovs.model.reply("still a cat")
    ovs.play(captions.stream_id, seconds=0.5)
    assert await screen.next() == "still a cat"


async def test_a_renewal_that_fails_is_tried_again(ovs: Ovs, captions: LiveCaptions, naps: Naps) -> None:
    ovs.faults.on("POST /v0.2/streams/*/keepalive").status(503)
    nap = await naps.next()
    ovs.advance(nap.seconds)
    nap.wake()

    nap = await naps.next()
    assert nap.seconds == 2
    ovs.advance(nap.seconds)
    nap.wake()

    assert (await naps.next()).seconds == 45 / 2
    assert len(ovs.journal.events(events.LeaseRenewed)) == 1


async def test_it_leaves_nothing_behind(ovs: Ovs) -> None:
    async with LiveCaptions(ovs.v02, ovs.api_key, "What is there?") as captions:
        ovs.play(captions.stream_id, seconds=1)
        assert ovs.leaks, "the stream is open"
    assert not ovs.leaks
    assert ovs.stream(captions.stream_id).end_reason == "client_requested"


@pytest.mark.ovs_budget(cents=2.1)
async def test_a_minute_costs_two_cents(ovs: Ovs, captions: LiveCaptions, naps: Naps) -> None:
    for _ in range(2):
        nap = await naps.next()
        ovs.advance(30)
        nap.wake()
    await naps.next()
    assert ovs.bill.cents == pytest.approx(2)
