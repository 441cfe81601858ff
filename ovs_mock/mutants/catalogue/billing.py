"""Prices, balances, and what chats cost."""

from collections.abc import Callable
from dataclasses import fields

from ovs_mock.api.billing.handlers import LEAST_CENTS
from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.prices import Price, PriceList
from ovs_mock.mutants.answers import instead, on, without_key
from ovs_mock.mutants.edits import always, at, change, drop, put, rename, wrapped
from ovs_mock.mutants.engines import arranged
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import bodies, refused

AREA = "billing"
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


def _new_user(asked: MutantRequest, reply: MutantResponse) -> None:
    if asked.matches(BALANCE) and reply.status == 200:
        reply.body["user_id"] = asked.state.ids.uuid("mutant")


def _rounded_up(asked: MutantRequest, reply: MutantResponse) -> None:
    if asked.matches(BALANCE) and reply.status == 200:
        reply.body["balance_cents"] = -(-reply.body["balance_microcents"] // MICROCENTS_PER_CENT)


MUTANTS = (
    Mutant(name="chats-free", area=AREA, description="chats cost nothing", engine=arranged(_charged(Nothing))),
    Mutant(
        name="chats-charged-twice",
        area=AREA,
        description="chats cost twice their price",
        engine=arranged(_charged(Twice)),
    ),
    Mutant(
        name="completions-free",
        area=AREA,
        description="tokens of completions cost nothing",
        engine=arranged(_charged(PromptOnly)),
    ),
    Mutant(
        name="completions-at-input-price",
        area=AREA,
        description="tokens of completions cost what those of prompts cost",
        engine=arranged(_charged(OnePrice)),
    ),
    Mutant(
        name="cached-at-full-price",
        area=AREA,
        description="cached tokens cost as much as others",
        engine=arranged(_charged(FullPrice)),
    ),
    Mutant(
        name="chats-cost-whole-cents",
        area=AREA,
        description="the price of a chat is rounded up to cents",
        engine=arranged(_charged(WholeCents)),
    ),
    Mutant(
        name="pricing-needs-a-key",
        area=AREA,
        description="prices need a key",
        override=instead(f"{PRICES}*", 401, NO_KEY, when=without_key),
    ),
    Mutant(
        name="pricing-wrapped",
        area=AREA,
        description="the list of prices is an object",
        response=on(PRICES, 200, wrapped("data")),
    ),
    Mutant(
        name="pricing-without-cached",
        area=AREA,
        description="prices leave out that of cached tokens",
        response=on(
            (PRICES, PRICE), 200, drop("*.cached_input_microcents_per_token"), drop("cached_input_microcents_per_token")
        ),
    ),
    Mutant(
        name="pricing-in-cents",
        area=AREA,
        description="prices are cents a token",
        response=on(
            (PRICES, PRICE),
            200,
            change("*.input_microcents_per_token", lambda price: price / MICROCENTS_PER_CENT),
            change("input_microcents_per_token", lambda price: price / MICROCENTS_PER_CENT),
        ),
    ),
    Mutant(
        name="pricing-id-a-number",
        area=AREA,
        description="ids of prices are numbers",
        response=on((PRICES, PRICE), 200, change("*.id", lambda _: 1), change("id", lambda _: 1)),
    ),
    Mutant(
        name="pricing-unknown-200",
        area=AREA,
        description="the price of a model that nobody knows is null",
        response=on(PRICE, 404, always([]), to=200),
    ),
    Mutant(
        name="pricing-slash-404",
        area=AREA,
        description="ids of models with a slash have no price",
        response=on("GET /billing/pricing/{maker}/{model}", 200, always({"detail": "No price."}), to=404),
    ),
    Mutant(
        name="pricing-of-another-model",
        area=AREA,
        description="the price of a model names another one",
        response=on(PRICE, 200, put("model", "gpt-5.4")),
    ),
    Mutant(
        name="balance-as-text",
        area=AREA,
        description="the balance is a string",
        response=on(BALANCE, 200, change("balance_microcents", str)),
    ),
    Mutant(
        name="balance-in-dollars",
        area=AREA,
        description="balance_cents are dollars",
        response=on(BALANCE, 200, change("balance_cents", lambda cents: cents // 100)),
    ),
    Mutant(name="balance-rounded-up", area=AREA, description="balance_cents are rounded up", response=_rounded_up),
    Mutant(
        name="balance-of-nobody",
        area=AREA,
        description="the balance has no user_id",
        response=on(BALANCE, 200, drop("user_id")),
    ),
    Mutant(
        name="balance-of-a-new-user", area=AREA, description="the user_id is another one each time", response=_new_user
    ),
    Mutant(
        name="balance-open",
        area=AREA,
        description="a balance is shown without a key",
        response=on(
            BALANCE,
            401,
            always({"user_id": "00000000-0000-4000-8000-000000000000", "balance_microcents": 0, "balance_cents": 0}),
            to=200,
            when=without_key,
        ),
    ),
    Mutant(
        name="checkout-of-small-sums",
        area=AREA,
        description="less than 100 cents can be paid",
        message_filter=bodies(
            CHECKOUT, change("amount_cents", lambda cents: max(cents, LEAST_CENTS) if isinstance(cents, int) else cents)
        ),
    ),
    Mutant(
        name="checkout-of-100-refused",
        area=AREA,
        description="exactly 100 cents cannot be paid",
        message_filter=refused(CHECKOUT, "amount_cents", when=lambda body: at(body, "amount_cents") == LEAST_CENTS),
    ),
    Mutant(
        name="checkout-of-any-type",
        area=AREA,
        description="a sum may be left out",
        message_filter=bodies(CHECKOUT, lambda body: {"amount_cents": LEAST_CENTS, **body}),
    ),
    Mutant(
        name="checkout-url-renamed",
        area=AREA,
        description="the url of a checkout is called checkout_url",
        response=on(CHECKOUT, 200, rename("url", "checkout_url")),
    ),
    Mutant(name="checkout-201", area=AREA, description="a checkout is 201", response=on(CHECKOUT, 200, to=201)),
    Mutant(
        name="checkout-400",
        area=AREA,
        description="a sum that fails validation is 400",
        response=on(CHECKOUT, 422, to=400),
    ),
)
