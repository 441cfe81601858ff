"""Prices, balances, and what chats cost."""

from collections.abc import Callable
from dataclasses import fields

from ovs_mock.api.billing.handlers import LEAST_CENTS
from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.prices import Price, PriceList
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.edits import always, at, change, drop, put, rename, wrapped
from ovs_mock.mutants.engines import edit_engine
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.requests import bodies, refused
from ovs_mock.mutants.responses import on, respond, without_key

AREA = Area("billing")
PRICES = "GET /billing/pricing"
PRICE = "GET /billing/pricing/*"
BALANCE = "GET /billing/accounts/me/balance"
CHECKOUT = "POST /billing/checkout"
NO_KEY = {"detail": "No API key."}


class FullPrice(Price):
    """Cached tokens cost as much as others."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        return super().cost(prompt=prompt, cached=0, completion=completion)


class Nothing(Price):
    """Chats are free."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        return 0


class Twice(Price):
    """Chats cost twice their price."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        return 2 * super().cost(prompt=prompt, cached=cached, completion=completion)


class PromptOnly(Price):
    """What the model says is free."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        return super().cost(prompt=prompt, cached=cached, completion=0)


class OnePrice(Price):
    """All tokens cost what those of the prompt cost."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        return (prompt + completion) * self.input


class WholeCents(Price):
    """Chats cost whole cents, rounded up."""

    def cost(self, *, prompt: int, cached: int, completion: int) -> int:
        exact = super().cost(prompt=prompt, cached=cached, completion=completion)
        return -(-exact // MICROCENTS_PER_CENT) * MICROCENTS_PER_CENT


def _charged(kind: type[Price]) -> Callable[[Engine], None]:
    """Prices are listed as they are, and charged otherwise."""

    class Prices(PriceList):
        def for_model(self, model: str) -> Price | None:
            price = super().for_model(model)
            return price and kind(**{field.name: getattr(price, field.name) for field in fields(price)})

    def arrange(engine: Engine) -> None:
        engine.state.prices = Prices(engine.state.ids, engine.state.models)

    return arrange


def _new_user(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(BALANCE) and response.status == 200:
        response.body["user_id"] = request.state.ids.uuid("mutant")


def _rounded_up(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(BALANCE) and response.status == 200:
        response.body["balance_cents"] = -(-response.body["balance_microcents"] // MICROCENTS_PER_CENT)


MUTANTS = (
    AREA("chats-free", "chats cost nothing", engine=edit_engine(_charged(Nothing))),
    AREA("chats-charged-twice", "chats cost twice their price", engine=edit_engine(_charged(Twice))),
    AREA("completions-free", "tokens of completions cost nothing", engine=edit_engine(_charged(PromptOnly))),
    AREA(
        "completions-at-input-price",
        "tokens of completions cost what those of prompts cost",
        engine=edit_engine(_charged(OnePrice)),
    ),
    AREA("cached-at-full-price", "cached tokens cost as much as others", engine=edit_engine(_charged(FullPrice))),
    AREA(
        "chats-cost-whole-cents", "the price of a chat is rounded up to cents", engine=edit_engine(_charged(WholeCents))
    ),
    AREA("pricing-needs-a-key", "prices need a key", override=respond(f"{PRICES}*", 401, NO_KEY, when=without_key)),
    AREA("pricing-wrapped", "the list of prices is an object", on(PRICES, 200, wrapped("data"))),
    AREA(
        "pricing-without-cached",
        "prices leave out that of cached tokens",
        on(
            (PRICES, PRICE), 200, drop("*.cached_input_microcents_per_token"), drop("cached_input_microcents_per_token")
        ),
    ),
    AREA(
        "pricing-in-cents",
        "prices are cents a token",
        on(
            (PRICES, PRICE),
            200,
            change("*.input_microcents_per_token", lambda price: price / MICROCENTS_PER_CENT),
            change("input_microcents_per_token", lambda price: price / MICROCENTS_PER_CENT),
        ),
    ),
    AREA(
        "pricing-id-a-number",
        "ids of prices are numbers",
        on((PRICES, PRICE), 200, change("*.id", lambda _: 1), change("id", lambda _: 1)),
    ),
    AREA("pricing-unknown-200", "the price of a model that nobody knows is null", on(PRICE, 404, always([]), to=200)),
    AREA(
        "pricing-slash-404",
        "ids of models with a slash have no price",
        on("GET /billing/pricing/{maker}/{model}", 200, always({"detail": "No price."}), to=404),
    ),
    AREA("pricing-of-another-model", "the price of a model names another one", on(PRICE, 200, put("model", "gpt-5.4"))),
    AREA("balance-as-text", "the balance is a string", on(BALANCE, 200, change("balance_microcents", str))),
    AREA(
        "balance-in-dollars",
        "balance_cents are dollars",
        on(BALANCE, 200, change("balance_cents", lambda cents: cents // 100)),
    ),
    AREA("balance-rounded-up", "balance_cents are rounded up", _rounded_up),
    AREA("balance-of-nobody", "the balance has no user_id", on(BALANCE, 200, drop("user_id"))),
    AREA("balance-of-a-new-user", "the user_id is another one each time", _new_user),
    AREA(
        "balance-open",
        "a balance is shown without a key",
        on(
            BALANCE,
            401,
            always({"user_id": "00000000-0000-4000-8000-000000000000", "balance_microcents": 0, "balance_cents": 0}),
            to=200,
            when=without_key,
        ),
    ),
    AREA(
        "checkout-of-small-sums",
        "less than 100 cents can be paid",
        message_filter=bodies(
            CHECKOUT, change("amount_cents", lambda cents: max(cents, LEAST_CENTS) if isinstance(cents, int) else cents)
        ),
    ),
    AREA(
        "checkout-of-100-refused",
        "exactly 100 cents cannot be paid",
        message_filter=refused(CHECKOUT, "amount_cents", when=lambda body: at(body, "amount_cents") == LEAST_CENTS),
    ),
    AREA(
        "checkout-of-any-type",
        "a sum may be left out",
        message_filter=bodies(CHECKOUT, lambda body: {"amount_cents": LEAST_CENTS, **body}),
    ),
    AREA(
        "checkout-url-renamed",
        "the url of a checkout is called checkout_url",
        on(CHECKOUT, 200, rename("url", "checkout_url")),
    ),
    AREA("checkout-201", "a checkout is 201", on(CHECKOUT, 200, to=201)),
    AREA("checkout-400", "a sum that fails validation is 400", on(CHECKOUT, 422, to=400)),
)
