"""Does the same at two targets, and tells the differences."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.difference import Difference, differences
from ovs_contracts.differential.endpoint import DifferentialEndpoint
from ovs_contracts.differential.plan import SharedCapabilities, sequence
from ovs_contracts.differential.steps import CallStep, Step, WaitStep
from ovs_contracts.targets.capabilities import Capability

# Where time has to be waited for.
PATIENCE = 4.0


def means_of(a: TargetSession, b: TargetSession, max_streams: int, *, asking: bool) -> SharedCapabilities:
    """What can be done at both."""
    powers = a.target.powers & b.target.powers
    controlled = a.target.controlled and b.target.controlled
    charges = a.target.charges or b.target.charges
    return SharedCapabilities(
        longest_wait=10_000.0 if controlled else PATIENCE,
        streams=max_streams if charges else 4,
        video=Capability.FOOTAGE in powers,
        strangers=Capability.ACCOUNTS in powers or Capability.SECOND_KEY in powers,
        asking=asking or not charges,
    )


def compare(
    a: TargetSession,
    b: TargetSession,
    *,
    seed: int = 1,
    length: int = 200,
    max_streams: int = 1,
    asking: bool = False,
    progress: Callable[[int, Step], None] = lambda number, step: None,
) -> list[Difference]:
    """The differences that so many steps bring to light, each kind once, with the steps that lead there.

    Where a target charges, at most ``max_streams`` streams live at a time, and models are asked only with ``asking``.
    A session's guards pace the calls, count the cost and end the streams, as in a run.
    """
    steps = sequence(seed, length, means_of(a, b, max_streams, asking=asking))
    with ExitStack() as stack:
        strict = a.target.controlled and b.target.controlled
        sides = [DifferentialEndpoint(session, strict=strict) for session in (a, b)]
        for side in sides:
            stack.callback(side.close)
        return _compared(sides[0], sides[1], steps, progress)


def _compared(
    a: DifferentialEndpoint, b: DifferentialEndpoint, steps: Sequence[Step], progress: Callable[[int, Step], None]
) -> list[Difference]:
    found: dict[tuple[str, str], Difference] = {}
    for number, step in enumerate(steps):
        progress(number, step)
        if not (a.knows(step) and b.knows(step)):
            continue
        for place, expected, seen in differences(a.do(step), b.do(step)):
            curls = [side.last.call.curl() if side.last else "" for side in (a, b)]
            difference = Difference(step, place, expected, seen, leading(steps[:number], step), *curls)
            found.setdefault(difference.kind, difference)
    return list(found.values())


def leading(before: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """The earlier steps that a step rests on: those of its streams, and the time since the first of them."""
    names = _names(step)
    first = next(
        (number for number, each in enumerate(before) if isinstance(each, CallStep) and each.makes in names), None
    )
    if first is None:
        return ()
    return tuple(each for each in before[first:] if isinstance(each, WaitStep) or _names(each) & names)


def _names(step: Step) -> set[str]:
    """The streams that a step makes or speaks of."""
    if isinstance(step, WaitStep):
        return set()
    if not isinstance(step, CallStep):
        return {step.stream}
    text = f"{step.path} {step.body!r}"
    spoken = {part.partition("}")[0] for part in text.split("{s")[1:]}
    return {f"s{number}" for number in spoken if number.isdigit()} | ({step.makes} if step.makes else set())
