"""A budget stops before the call that could exceed it."""

import pytest
from _pytest.outcomes import Skipped
from hypothesis import given
from hypothesis import strategies as st
from ovs_contracts.safety.budget import Budget, StreamLimit
from ovs_contracts.safety.errors import BudgetError, LimitError
from ovs_contracts.safety.ledger import StreamLedger
from ovs_contracts.safety.limits import limits_for_charging_target
from ovs_contracts.safety.meter import CostMeter
from ovs_support.exchanges import CREATED_V02, STREAM, Watch, call, exchange

CREATE = call("POST", "/v0.2/streams", {})
CREATED = exchange("POST", "/v0.2/streams", 201, CREATED_V02)
DELETE = call("DELETE", f"/v0.2/streams/{STREAM}")
DELETED = exchange("DELETE", f"/v0.2/streams/{STREAM}", 200)


def test_a_call_that_could_exceed_it_is_refused_and_everything_that_costs_after_it() -> None:
    watch = Watch()
    budget = Budget(2.0, CostMeter({}, watch))
    budget.before(CREATE)
    budget.after(CREATED)
    with pytest.raises(BudgetError, match=r"POST /v0\.2/streams could cost 1\.50 cents"):
        budget.before(CREATE)
    budget.before(DELETE)
    budget.after(DELETED)
    assert budget.remaining == pytest.approx(2.0)
    with pytest.raises(BudgetError):
        budget.before(CREATE)
    budget.before(call("GET", "/v0.2/models"))


def test_a_check_that_says_it_costs_more_than_is_left_does_not_begin() -> None:
    budget = Budget(2.0, CostMeter({}))
    budget.require(2.0)
    with pytest.raises(BudgetError, match=r"it may cost 3 cents, and 2\.00 are left"):
        budget.require(3.0)
    budget.require(1.0)


def test_a_check_with_answers_of_unknown_price_costs_what_it_says() -> None:
    budget = Budget(10.0, CostMeter({}))
    answer = exchange("POST", "/v1/chat/completions", 200, {}, body={"model": "unknown"})
    with budget.check(3.0):
        budget.after(answer)
    assert budget.meter.spent == pytest.approx(3.0)
    with budget.check(3.0):
        pass
    assert budget.meter.spent == pytest.approx(3.0)


def test_a_refusal_skips_its_check_and_passes_through_those_who_catch_errors() -> None:
    assert issubclass(BudgetError, Skipped)
    assert not issubclass(BudgetError, Exception)


def test_no_more_streams_at_a_time_than_allowed() -> None:
    watch = Watch()
    ledger = StreamLedger(now=watch)
    limit = StreamLimit(1, ledger)
    limit.before(CREATE)
    ledger.after(CREATED)
    with pytest.raises(LimitError):
        limit.before(CREATE)
    limit.before(call("POST", f"/v0.2/streams/{STREAM}/keepalive"))
    ledger.after(DELETED)
    limit.before(CREATE)


def test_what_was_refused_is_known_although_a_check_hid_it() -> None:
    guards = limits_for_charging_target(budget_cents=1.0, max_streams=1, prices={})
    assert guards.take_refusal() is None
    for observer in guards.observers[:2]:
        observer.before(CREATE)
    with pytest.raises(BudgetError):
        guards.observers[2].before(CREATE)
    assert isinstance(guards.take_refusal(), BudgetError)
    assert guards.take_refusal() is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.integers(0, 5)),
        st.tuples(st.just("keep"), st.integers(0, 5)),
        st.tuples(st.just("end"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=40,
)


@given(steps=STEPS, limit=st.floats(0.1, 10))
def test_whatever_happens_the_spend_stays_within_the_budget(steps: list[tuple[str, int]], limit: float) -> None:
    """Also when all that is open runs on until its lease ends."""
    watch = Watch()
    budget = Budget(limit, CostMeter({}, watch))
    for what, number in steps:
        stream_id = f"{number}" * 8 + STREAM[8:]
        asked = {
            "make": exchange("POST", "/v0.2/streams", 201, {**CREATED_V02, "stream_id": stream_id}),
            "keep": exchange("POST", f"/v0.2/streams/{stream_id}/keepalive", 200, {"ttl_seconds": 45}),
            "end": exchange("DELETE", f"/v0.2/streams/{stream_id}", 200),
        }.get(what)
        if asked is None:
            watch.now += number
            continue
        try:
            budget.before(asked.call)
        except BudgetError:
            continue
        budget.after(asked)
        assert budget.meter.spent + budget.meter.committed <= limit + 1e-6
    watch.now += 1000
    assert budget.meter.spent <= limit + 1e-6
