"""Comparisons of two mocks that are the same, and of two that are not."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from ovs_contracts.client.session import TargetSession, open_session
from ovs_contracts.differential.compare import compare, preceding
from ovs_contracts.differential.difference import Difference, differences
from ovs_contracts.differential.normalisation import ApproximateValue
from ovs_contracts.differential.plan import SharedCapabilities, sequence
from ovs_contracts.differential.steps import CallStep, PlayStep, SocketStep, Step, WaitStep
from ovs_contracts.targets.mock import start_mock

EVERYTHING = SharedCapabilities(longest_wait=10_000, streams=4, video=True, strangers=True, ask_models=True)
LITTLE = SharedCapabilities(longest_wait=4, streams=1, video=False, strangers=False, ask_models=False)


def mocks(*options: str) -> Iterator[tuple[TargetSession, TargetSession]]:
    with ExitStack() as stack:
        targets = [stack.enter_context(start_mock(seed, list(more))) for seed, more in ((1, ()), (2, options))]
        yield stack.enter_context(open_session(targets[0])), stack.enter_context(open_session(targets[1]))


@pytest.fixture(scope="module")
def alike() -> Iterator[tuple[TargetSession, TargetSession]]:
    yield from mocks()


@pytest.fixture(scope="module")
def short_leases() -> Iterator[tuple[TargetSession, TargetSession]]:
    yield from mocks("--ttl", "44")


@pytest.fixture(scope="module")
def never_idle() -> Iterator[tuple[TargetSession, TargetSession]]:
    yield from mocks("--mutant", "v02-never-idle")


@pytest.mark.parametrize("seed", [1, 2])
def test_two_mocks_do_the_same(alike: tuple[TargetSession, TargetSession], seed: int) -> None:
    done: list[Step] = []
    found = compare(*alike, seed=seed, length=100, progress=lambda _, step: done.append(step))
    assert not found, "\n\n".join(map(str, found))
    assert len(done) == 100
    assert not any(session.ledger.open for session in alike)


def test_another_lease_is_a_difference(short_leases: tuple[TargetSession, TargetSession]) -> None:
    found = compare(*short_leases, seed=1, length=40)
    lease = next(each for each in found if each.place == "body.lease.ttl_seconds")
    assert (lease.expected, lease.seen) == (45, 44)
    text = str(lease)
    assert "POST /v0.2/streams" in text
    assert text.count("curl -i -X POST") == 2
    assert all(session.target.api_key not in text for session in short_leases)


def test_a_difference_names_the_steps_that_lead_there(never_idle: tuple[TargetSession, TargetSession]) -> None:
    found = compare(*never_idle, seed=3, length=80)
    states = [each for each in found if each.place == "body.state"]
    assert states, found
    before = list(map(str, states[0].before))
    assert before[0].startswith("POST /v0.2/streams")
    assert any("s of video come in" in step for step in before)
    assert any("s pass" in step for step in before)


def test_a_sequence_is_the_same_for_the_same_seed() -> None:
    assert sequence(7, 200, EVERYTHING) == sequence(7, 200, EVERYTHING)
    assert sequence(7, 200, EVERYTHING) != sequence(8, 200, EVERYTHING)


def test_a_sequence_keeps_to_what_both_targets_allow() -> None:
    steps = sequence(1, 400, LITTLE)
    assert not any(isinstance(step, PlayStep | SocketStep) for step in steps)
    assert max(step.seconds for step in steps if isinstance(step, WaitStep)) <= 4
    calls = [step for step in steps if isinstance(step, CallStep)]
    assert not any("chat" in call.path for call in calls)
    assert "stranger" not in {call.caller for call in calls}
    made = ended = 0
    for call in calls:
        made += call.makes not in (None, "odd")
        ended += call.method == "DELETE" and "{s" in call.path and call.caller == "owner"
        assert made - ended <= 1 or any(isinstance(step, WaitStep) for step in steps)


def test_every_sort_of_step_comes_up() -> None:
    steps = sequence(1, 600, EVERYTHING)
    assert {type(step) for step in steps} == {CallStep, WaitStep, PlayStep, SocketStep}
    text = " ".join(map(str, steps))
    for part in ("viewer-token", "spectate", "feedback", "config/prompt", "/info", "ovs://", "pricing", "stranger"):
        assert part in text


def test_preceding_steps_are_those_of_the_same_streams_and_the_time_since() -> None:
    mine, others = CallStep("POST", "/v1/streams", makes="s1"), CallStep("POST", "/v1/streams", makes="s2")
    kept, looked = CallStep("POST", "/v1/streams/{s1}/keepalive"), CallStep("GET", "/v1/streams/{s1}")
    steps: list[Step] = [WaitStep(1), mine, WaitStep(2), others, kept, WaitStep(3)]
    assert preceding(steps, looked) == (mine, WaitStep(2), kept, WaitStep(3))
    assert preceding(steps, CallStep("GET", "/v1/models")) == ()


@pytest.mark.parametrize(
    ("a", "b", "places"),
    [
        ({"x": 1}, {"x": 1}, []),
        ({"x": 1}, {"x": 2}, ["x"]),
        ({"x": 1}, {"x": True}, ["x"]),
        ({"x": {"y": [1, 2]}}, {"x": {"y": [1, 3]}}, ["x.y[1]"]),
        ({"x": [1]}, {"x": []}, ["x"]),
        ({"x": 1}, {}, ["x"]),
        ({}, {"x": None}, ["x"]),
        ({"x": ApproximateValue(1, 2)}, {"x": ApproximateValue(2.9, 2)}, []),
        ({"x": ApproximateValue(1, 2)}, {"x": ApproximateValue(3.1, 2)}, ["x"]),
        ({"x": ApproximateValue(1, 2)}, {"x": None}, ["x"]),
    ],
)
def test_where_answers_differ(a: object, b: object, places: list[str]) -> None:
    assert [place for place, _, _ in differences(a, b)] == places


def test_differences_of_a_kind_are_one_whatever_the_stream() -> None:
    first, second = (
        Difference(CallStep("GET", f"/v1/streams/{{{name}}}"), "status", 200, 404, before=()) for name in ("s1", "s2")
    )
    assert first.kind == second.kind
    assert first.kind != Difference(CallStep("GET", "/v1/models"), "status", 200, 404, before=()).kind
