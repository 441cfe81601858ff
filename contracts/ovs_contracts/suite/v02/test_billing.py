"""What streams of v0.2 cost: two cents per minute, from creation to close or expiry."""

from typing import Any

from ovs_contracts.client.timing import hold_duration, timed
from ovs_contracts.client.v02 import VERSION, V02Client, frames_every
from ovs_contracts.runner.marks import costs, documented, mock_only, needs, passes_time, sends_video, streams
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import Exchange, hold, hold_near

CENTS_A_SECOND = VERSION.cents_per_stream_minute / 60
MICROCENTS = 1_000_000
# Of a charge that is shown to a hundredth of a cent.
ROUNDING = 0.0051


def at_the_price(kept: Exchange) -> dict[str, Any]:
    """The keepalive's answer; a Deviation unless its cost is that of its seconds."""
    shown: dict[str, Any] = kept.expect(200).json
    price = shown["seconds_charged"] * CENTS_A_SECOND
    hold_near("cost_cents", expected=price, seen=shown["cost_cents"], within=ROUNDING, exchange=kept)
    return shown


@documented("v0.2 billing: each keepalive charges the time since the last charge, 0.5 cents for 15 s")
@passes_time(44)
@costs(1.6)
def test_a_keepalive_charges_the_time_since_the_last(v02: V02Client, clock: TargetTime) -> None:
    """A keepalive charges two cents per minute since the last charge and reduces the credits by it."""
    created, begun = timed(clock, v02.create)
    stream_id = created.expect(201).json["stream_id"]
    answers, charged_until = [], begun
    for seconds in (0, 19.5, 23.5):
        clock.let_pass(seconds)
        kept, at = timed(clock, lambda: v02.keepalive(stream_id))
        shown = at_the_price(kept)
        hold_duration("seconds_charged", shown["seconds_charged"], charged_until, at, kept)
        charged_until = at
        answers.append(shown)
    spent = sum(shown["cost_cents"] for shown in answers[1:])
    taken = answers[0]["credits_remaining_cents"] - answers[-1]["credits_remaining_cents"]
    # Credits are shown in whole cents.
    hold_near("cents taken from the credits", expected=spent, seen=taken, within=1)


@documented("v0.2 billing: by stream time, from creation")
@passes_time(26)
@costs(1)
def test_keepalives_add_up(v02: V02Client, clock: TargetTime) -> None:
    """The charges of keepalives add up to the stream's duration, without gaps or overlaps."""
    stream_id = v02.stream()
    charged, kept_at = 0.0, None
    for seconds in (1, 3, 5, 7, 10):
        clock.let_pass(seconds)
        kept, kept_at = timed(clock, lambda: v02.keepalive(stream_id))
        charged += at_the_price(kept)["seconds_charged"]
    info, asked_at = timed(clock, lambda: v02.info(stream_id).expect(200))
    assert kept_at
    hold_duration("uptime less what was charged", info.json["uptime_seconds"] - charged, kept_at, asked_at, info)


@documented("v0.2 billing: whatever the interval")
@sends_video(10)
@costs(0.5)
def test_inferences_are_free(v02: V02Client, frame_source: FrameSource) -> None:
    """The interval between inferences does not change the cost of a stream."""
    stream_id = v02.stream(frames_every(0.1))
    frame_source.play(stream_id, 10, fps=FPS, size=SIZE)
    shown = at_the_price(v02.keepalive(stream_id))
    assert shown["seconds_charged"] >= 10


@documented("v0.2 billing: close charges the rest")
@passes_time(44)
@streams(3)
@costs(4.6)
def test_closing_takes_the_rest_from_the_credits(v02: V02Client, clock: TargetTime) -> None:
    """Closing a stream charges the time since its last charge."""
    ids = [v02.stream() for _ in range(3)]
    before = v02.keepalive(ids[0]).expect(200).json["credits_remaining_cents"]
    clock.let_pass(44)
    for stream_id in ids:
        v02.delete(stream_id).expect(200)
    after = v02.keepalive(v02.stream()).expect(200).json["credits_remaining_cents"]
    spent = 3 * 44 * CENTS_A_SECOND
    # Credits are shown in whole cents, and some more time has passed.
    hold_near("cents taken for 44 s of 3 streams", expected=spent + 0.5, seen=before - after, within=1.5)


@documented("v0.2 billing: close charges the rest")
@needs(Capability.CONTROL)
@passes_time(31)
def test_a_stream_costs_its_time(v02: V02Client, clock: TargetTime, controls: Controls) -> None:
    """A closed stream has cost its duration, with or without keepalives."""
    before = controls.balance(v02.key)
    created, begun = timed(clock, v02.create)
    stream_id = created.expect(201).json["stream_id"]
    clock.let_pass(20)
    v02.keepalive(stream_id).expect(200)
    clock.let_pass(11)
    closed, ended = timed(clock, lambda: v02.delete(stream_id).expect(200))
    spent = (before - controls.balance(v02.key)) / MICROCENTS
    hold_duration("the time that was paid for", spent / CENTS_A_SECOND, begun, ended, closed)


@documented("v0.2 billing: from creation to expiry")
@needs(Capability.CONTROL)
@passes_time(100)
def test_an_expired_stream_costs_its_lease(v02: V02Client, clock: TargetTime, controls: Controls) -> None:
    """An expired stream has cost its lease and nothing more."""
    before = controls.balance(v02.key)
    ttl = v02.create().expect(201).json["lease"]["ttl_seconds"]
    clock.let_pass(100)
    spent = (before - controls.balance(v02.key)) / MICROCENTS
    hold_near(f"cents for {ttl} s", expected=ttl * CENTS_A_SECOND, seen=spent, within=ROUNDING)


@mock_only("how credits are rounded is nowhere said; the mock shows them rounded down")
@passes_time(44)
def test_credits_are_shown_rounded_down(v02: V02Client, clock: TargetTime, controls: Controls) -> None:
    """credits_remaining_cents is the balance rounded down to whole cents."""
    stream_id = v02.stream()
    for seconds in (8, 13, 22):
        clock.let_pass(seconds)
        kept = v02.keepalive(stream_id).expect(200)
        whole = controls.balance(v02.key) // MICROCENTS
        hold("credits_remaining_cents", expected=whole, seen=kept.json["credits_remaining_cents"], exchange=kept)
