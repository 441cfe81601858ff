"""Token prices: ``/billing/pricing``."""

from uuid import UUID

from ovs_contracts.client import errors
from ovs_contracts.client.billing import BillingClient
from ovs_contracts.client.chat import MODEL, ChatClient
from ovs_contracts.runner.marks import documented, mock_only
from ovs_contracts.transport.exchange import hold

PER_TOKEN = (
    "input_microcents_per_token",
    "output_microcents_per_token",
    "cached_input_microcents_per_token",
)
KEYS = {"id", "model", "provider", "version", "public", *PER_TOKEN}


@documented("GET /billing/pricing, open: a list of prices in integer microcents")
def test_the_list_of_prices(billing: BillingClient) -> None:
    """The list of prices needs no key; its ids are UUIDs and its prices whole microcents."""
    answer = billing.prices().expect(200)
    hold("it is a list", expected="list", seen=type(answer.json).__name__, exchange=answer)
    assert answer.json, "something has a price"
    for entry in answer.json:
        hold("keys of a price", expected=KEYS, seen=set(entry), exchange=answer)
        hold("the id", expected=str(UUID(entry["id"])), seen=entry["id"], exchange=answer)
        wrong = {name: entry[name] for name in PER_TOKEN if type(entry[name]) is not int or entry[name] < 0}
        hold("prices that are no whole microcents", expected={}, seen=wrong, exchange=answer)
        assert entry["model"], entry
        assert entry["provider"], entry
        hold("public", expected=True, seen=entry["public"], exchange=answer)


@documented("GET /billing/pricing/{model}, open: one; model may contain /")
def test_the_price_of_a_model(billing: BillingClient) -> None:
    """The price of one model needs no key and equals its entry in the list, also with a slash in the id."""
    listed = {entry["model"]: entry for entry in billing.prices().expect(200).json}
    assert MODEL in listed, f"{MODEL} has a price"
    chosen = [MODEL, next((model for model in listed if "/" not in model), MODEL)]
    for model in chosen:
        answer = billing.price(model).expect(200)
        hold(f"the price of {model}", expected=listed[model], seen=answer.json, exchange=answer)


@documented("GET /billing/pricing/{model}: model may contain /")
def test_a_slash_may_be_escaped(billing: BillingClient) -> None:
    """The slash in a model's id may be written as %2F."""
    answer = billing.price(MODEL.replace("/", "%2F")).expect(200)
    hold("model", expected=MODEL, seen=answer.json["model"], exchange=answer)


@documented("GET /billing/pricing/{model}: 404 {detail}")
def test_a_model_without_a_price(billing: BillingClient) -> None:
    """An unknown model is 404 with a detail."""
    for model in ("nobody/knows-this", "nobody-knows-this", MODEL + "/more"):
        errors.plain(billing.price(model), 404)


@documented("each model is one entry")
def test_prices_are_listed_once(billing: BillingClient) -> None:
    """The list has each price once."""
    prices = billing.prices().expect(200).json
    hold("different ids", expected=len(prices), seen=len({entry["id"] for entry in prices}))


@mock_only("models and prices are published apart from each other")
def test_every_model_has_a_price(billing: BillingClient, v1beta: ChatClient) -> None:
    """Every model of v1beta has prices above zero, and cached tokens cost less than other prompt tokens."""
    prices = {entry["model"]: entry for entry in billing.prices().expect(200).json}
    models = [entry["id"] for entry in v1beta.models().expect(200).json["data"]]
    hold("models without a price", expected=[], seen=[model for model in models if model not in prices])
    for model in models:
        entry = prices[model]
        assert 0 < entry["cached_input_microcents_per_token"] < entry["input_microcents_per_token"], entry
        assert entry["output_microcents_per_token"] > 0, entry
