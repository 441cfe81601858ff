"""The rate limit of v1beta, per user and second."""

import math
from itertools import pairwise

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient
from ovs_contracts.runner.marks import costs, documented, needs
from ovs_contracts.suite.arranged import chats_per_second
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import Exchange, hold

NAMES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
ONE_TOKEN = {"max_completion_tokens": 1}


@documented("headers x-ratelimit-limit, -remaining, -reset (Unix s) on successes")
@costs(0.1)
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_the_rate_limit_headers(v1beta: ChatClient, streamed: bool) -> None:  # noqa: FBT001 - a parameter of the check
    """A completion returns the limit per second, the remaining requests, and when the next second begins."""
    answer = v1beta.ask(fields={**ONE_TOKEN, "stream": streamed}).expect(200)
    limit, remaining, reset = _limits(answer)
    assert 0 <= remaining < limit, f"{remaining} of {limit} are left"
    if not streamed:
        took, made = math.ceil(answer.seconds) + 1, answer.json["created"]
        assert made - took <= reset <= made + took + 1, f"made at {made}, and reset at {reset}"


@documented("the limit is by user and second: what is left falls within one, and is full again in the next")
@costs(0.2)
def test_remaining_requests_decrease(v1beta: ChatClient) -> None:
    """Within a second each completion reduces the remaining requests."""
    seen = [_limits(v1beta.ask(fields=ONE_TOKEN).expect(200)) for _ in range(4)]
    pairs = [(one[1], two[1]) for one, two in pairwise(seen) if one[2] == two[2]]
    if not pairs:
        pytest.skip("no two completions fell into one second")
    assert all(later < earlier for earlier, later in pairs), f"remaining, one after the other: {pairs}"
    hold("limits", expected=1, seen=len({limit for limit, _, _ in seen}))


@documented("429 with retry-after: 1, the limits, type and code rate_limit_error")
@needs(Capability.CONTROL)
def test_exceeding_the_rate_limit(v1beta: ChatClient, v1: ChatClient, other_key: str, controls: Controls) -> None:
    """A user above the limit gets 429 with retry-after 1 until the next second; other users are not affected."""
    usual, _, _ = _limits(v1beta.ask().expect(200))
    with chats_per_second(controls, 1, usual):
        # Two of these fall into one second, however slow the machine.
        answers = (v1beta.ask(fields=ONE_TOKEN) for _ in range(6))
        refused = next((answer for answer in answers if answer.status != 200), None)
        v1beta.ask(key=other_key).expect(200)
        assert refused, "the second of two chats in a second is refused"
        errors.typed(refused, 429, "rate_limit_error", "rate_limit_error")
        hold("retry-after", expected="1", seen=refused.headers.get("retry-after"), exchange=refused)
        hold("what is left", expected=(1, 0), seen=_limits(refused)[:2], exchange=refused)
        v1.ask().expect(200)
        controls.let_pass(1)
        v1beta.ask().expect(200)


def _limits(answer: Exchange) -> tuple[int, int, int]:
    missing = [name for name in NAMES if not answer.headers.get(name, "").isdecimal()]
    hold("headers that are missing, or no whole numbers", expected=[], seen=missing, exchange=answer)
    limit, remaining, reset = (int(answer.headers[name]) for name in NAMES)
    return limit, remaining, reset
