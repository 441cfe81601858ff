"""The estimate of what calls cost."""

import json
from typing import Any

import pytest
from ovs_contracts.safety.meter import UNPRICED_CENTS, CostMeter
from ovs_contracts.safety.prices import ListedPrice, parse_prices
from ovs_support.exchanges import CREATED_V02, STREAM, Watch, call, exchange

MODEL = "some/model"
PRICES = {MODEL: ListedPrice(prompt=100.0, cached=10.0, completion=400.0)}
KEEPALIVE = f"/v0.2/streams/{STREAM}/keepalive"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def meter(watch: Watch) -> CostMeter:
    meter = CostMeter(PRICES, watch)
    meter.after(exchange("POST", "/v0.2/streams", 201, CREATED_V02))
    return meter


def test_a_stream_costs_two_cents_a_minute_until_it_is_deleted(meter: CostMeter, watch: Watch) -> None:
    watch.now += 30
    assert meter.spent == pytest.approx(1.0)
    meter.after(exchange("DELETE", f"/v0.2/streams/{STREAM}", 200))
    watch.now += 600
    assert meter.spent == pytest.approx(1.0)
    assert meter.committed == 0


def test_a_stream_that_nobody_ends_costs_no_more_than_its_lease(meter: CostMeter, watch: Watch) -> None:
    assert meter.spent + meter.committed == pytest.approx(1.5)
    watch.now += 15
    assert meter.committed == pytest.approx(1.0)
    watch.now += 600
    assert meter.spent == pytest.approx(1.5)
    assert meter.committed == 0


@pytest.mark.parametrize(("told", "cents"), [(0.5, 0.5), (7.0, 7.0), (0.0, 0.5), (None, 0.5), ("much", 0.5)])
def test_what_a_keepalive_charged_counts_unless_the_time_costs_more(
    meter: CostMeter, watch: Watch, told: Any, cents: float
) -> None:
    watch.now += 15
    meter.after(exchange("POST", KEEPALIVE, 200, {"cost_cents": told, "ttl_seconds": 45}))
    assert meter.spent == pytest.approx(cents)
    assert meter.committed == pytest.approx(1.5), "the lease begins anew"


def test_streams_of_other_versions_are_free(watch: Watch) -> None:
    meter = CostMeter({}, watch)
    meter.after(exchange("POST", "/v1/streams", 201, {"id": STREAM}))
    watch.now += 100
    assert meter.spent + meter.committed == 0


def completion(answer: Any, model: str = MODEL) -> Any:
    return exchange("POST", "/v1beta/chat/completions", 200, answer, body={"model": model})


USAGE = {"prompt_tokens": 1000, "completion_tokens": 100}


@pytest.mark.parametrize(
    ("answer", "cents"),
    [
        ({"usage": USAGE}, 0.14),
        ({"usage": USAGE, "overshoot": {"cache": {"cached_input_tokens": 1000}}}, 0.05),
        (b"data: {}\n\n" + b"data: " + json.dumps({"usage": USAGE}).encode() + b"\n\ndata: [DONE]\n\n", 0.14),
    ],
)
def test_a_completion_costs_its_tokens(answer: Any, cents: float, watch: Watch) -> None:
    meter = CostMeter(PRICES, watch)
    meter.after(completion(answer))
    assert meter.spent == pytest.approx(cents)
    assert meter.unpriced == 0


@pytest.mark.parametrize("answer", [{}, {"usage": None}, {"usage": {"prompt_tokens": "1"}}, b"nonsense", [1]])
def test_an_answer_that_does_not_say_what_it_used_is_counted(answer: Any, watch: Watch) -> None:
    meter = CostMeter(PRICES, watch)
    meter.after(completion(answer))
    meter.after(completion({"usage": USAGE}, model="unknown"))
    assert meter.unpriced == 2


def test_what_a_call_may_cost(meter: CostMeter, watch: Watch) -> None:
    watch.now += 15
    assert meter.max_cost(call("POST", "/v0.2/streams", {})) == pytest.approx(1.5)
    assert meter.max_cost(call("POST", KEEPALIVE)) == pytest.approx(0.5)
    assert meter.max_cost(call("POST", "/v1/streams")) == 0
    assert meter.max_cost(call("DELETE", f"/v0.2/streams/{STREAM}")) == 0
    assert meter.max_cost(call("GET", "/v0.2/models")) == 0
    assert meter.max_cost(call("POST", "/v1/chat/completions", {"model": "unknown"})) == UNPRICED_CENTS
    long = meter.max_cost(call("POST", "/v1/chat/completions", {"model": MODEL, "max_tokens": 100_000}))
    assert long > meter.max_cost(call("POST", "/v1/chat/completions", {"model": MODEL, "max_tokens": 10}))
    assert long > 40


def test_prices_are_read_from_rows_that_make_sense() -> None:
    row = {"model": "m", "input_microcents_per_token": 5, "output_microcents_per_token": 7}
    rows = [row, {**row, "model": "n", "cached_input_microcents_per_token": 1}, {"model": "o"}, "nonsense"]
    assert parse_prices(rows) == {
        "m": ListedPrice(prompt=5.0, cached=5.0, completion=7.0),
        "n": ListedPrice(prompt=5.0, cached=1.0, completion=7.0),
    }
    assert parse_prices({"not": "a list"}) == {}
