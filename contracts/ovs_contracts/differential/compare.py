"""Does the same at two targets, and returns the differences."""

import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from ovs_contracts.client.session import TargetSession
from ovs_contracts.differential.difference import Difference, differences
from ovs_contracts.differential.endpoint import DifferentialEndpoint
from ovs_contracts.differential.plan import SharedCapabilities, sequence
from ovs_contracts.differential.steps import CallStep, Step, WaitStep
from ovs_contracts.targets.capabilities import Capability

# Where the clock of a target cannot be moved.
MAX_REAL_WAIT = 4.0


def shared_capabilities(
    a: TargetSession, b: TargetSession, max_streams: int, *, ask_models: bool
) -> SharedCapabilities:
    """What both targets can do."""
    both = a.target.capabilities & b.target.capabilities
    controlled = a.target.controlled and b.target.controlled
    charges = a.target.charges or b.target.charges
    return SharedCapabilities(
        longest_wait=10_000.0 if controlled else MAX_REAL_WAIT,
        streams=max_streams if charges else 4,
        video=Capability.FRAMES in both,
        strangers=Capability.ACCOUNTS in both or Capability.SECOND_KEY in both,
        ask_models=ask_models or not charges,
    )


def compare(
    a: TargetSession,
    b: TargetSession,
    *,
    seed: int = 1,
    length: int = 200,
    max_streams: int = 1,
    ask_models: bool = False,
    progress: Callable[[int, Step], None] = lambda number, step: None,
) -> list[Difference]:
    """Execute a generated sequence of steps at both targets, and return the differences, each kind once.

    The limits of the sessions pace the calls, count the cost and end the streams, as in a run.

    Args:
        a: The session of the target that is taken for right.
        b: The session of the target that is compared with it.
        seed: Of the sequence.
        length: How many steps.
        max_streams: Streams at a time, where a target charges.
        ask_models: Call models although a target charges.
        progress: Called before each step with its number, from 0, and the step.
    """
    steps = sequence(seed, length, shared_capabilities(a, b, max_streams, ask_models=ask_models))
    with ExitStack() as stack:
        strict = a.target.controlled and b.target.controlled
        endpoints = [DifferentialEndpoint(session, strict=strict) for session in (a, b)]
        for endpoint in endpoints:
            stack.callback(endpoint.close)
        return _compare(endpoints[0], endpoints[1], steps, progress)


def _compare(
    a: DifferentialEndpoint, b: DifferentialEndpoint, steps: Sequence[Step], progress: Callable[[int, Step], None]
) -> list[Difference]:
    found: dict[tuple[str, str], Difference] = {}
    for number, step in enumerate(steps):
        progress(number, step)
        if not (a.can_do(step) and b.can_do(step)):
            continue
        for place, expected, seen in differences(a.do(step), b.do(step)):
            curls = [each.last.call.curl() if each.last else "" for each in (a, b)]
            difference = Difference(step, place, expected, seen, preceding(steps[:number], step), *curls)
            found.setdefault(difference.kind, difference)
    return list(found.values())


def preceding(before: Sequence[Step], step: Step) -> tuple[Step, ...]:
    """The earlier steps that a step depends on: those with its streams, and the waits since the first of them."""
    names = _names(step)
    first = next(
        (number for number, each in enumerate(before) if isinstance(each, CallStep) and each.makes in names), None
    )
    if first is None:
        return ()
    return tuple(each for each in before[first:] if isinstance(each, WaitStep) or _names(each) & names)


def _names(step: Step) -> set[str]:
    """The streams that a step makes or uses."""
    if isinstance(step, WaitStep):
        return set()
    if not isinstance(step, CallStep):
        return {step.stream}
    text = f"{step.path} {step.body!r}"
    return set(re.findall(r"\{(s\d+)\}", text)) | ({step.makes} if step.makes else set())
