"""Calls are counted by user and second of the clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.limits import RateLimit, RateLimitedError


def test_a_second_has_so_many_calls_and_the_next_one_as_many() -> None:
    limit = RateLimit(2)
    assert [limit.consume("u", 100).remaining for _ in range(2)] == [1, 0]
    with pytest.raises(RateLimitedError) as refused:
        limit.consume("u", SECOND - 1)
    assert refused.value.allowance.resets_at == SECOND
    assert limit.consume("u", SECOND).remaining == 1


@given(st.integers(1, 5), st.lists(st.tuples(st.sampled_from("uv"), st.integers(0, 3 * SECOND))))
def test_no_user_gets_more_than_the_limit_in_any_second(limit: int, calls: list[tuple[str, int]]) -> None:
    rate = RateLimit(limit)
    taken: dict[tuple[str, int], int] = {}
    for user, at in sorted(calls, key=lambda call: call[1]):
        key = (user, at // SECOND)
        try:
            allowance = rate.consume(user, at)
        except RateLimitedError:
            assert taken[key] == limit
        else:
            taken[key] = taken.get(key, 0) + 1
            assert allowance.remaining == limit - taken[key] >= 0
            assert at < allowance.resets_at <= at + SECOND
