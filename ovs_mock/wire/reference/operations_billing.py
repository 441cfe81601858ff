"""The calls of billing: prices, balances and the checkout page, at the host's root beside the versions."""

from functools import cache

from ovs_mock.engine.errors import Why
from ovs_mock.wire.billing.handlers import CheckoutBody
from ovs_mock.wire.reference.operation import Operation, Parameter, Reference, Reply, Schema
from ovs_mock.wire.reference.replies_chat import TOO_LARGE, Troubles, invalid, plain
from ovs_mock.wire.reference.shape import boolean, integer, listed, record, ref, text, uuid
from ovs_mock.wire.reference.shapes_chat import plain_errors
from ovs_mock.wire.v1beta.dialect import V1BETA

PAGE = text("A page for a browser.")
CHECKOUT_ID = Parameter("checkout_id", "path", "The checkout.", text())
MODEL = Parameter("model", "path", "The model's id, which may contain slashes.", text())
TROUBLE = Troubles(V1BETA, chat=False)
NO_KEY = TROUBLE.refusals(Why.UNAUTHORIZED, Why.KEY_WITHOUT_USER)
INTERNAL = TROUBLE.internal()

DESCRIPTION = "Prices of tokens, and what the caller has left. A cent is 1,000,000 microcents."


SHAPES: dict[str, Schema] = {
    **plain_errors(),
    "Price": record(
        id=uuid(),
        model=text(),
        provider=text(),
        version=integer(),
        input_microcents_per_token=integer(),
        output_microcents_per_token=integer(),
        cached_input_microcents_per_token=integer(),
        public=boolean(),
    ),
    "Balance": record(user_id=uuid(), balance_microcents=integer(), balance_cents=integer("Rounded down.")),
    "Checkout": record(url=text("The page on which to pay.")),
}

PAGES = (
    Reply(200, "What becomes of the checkout.", PAGE, media_type="text/html"),
    Reply(404, "There is no such checkout.", PAGE, media_type="text/html"),
    INTERNAL,
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/billing/pricing",
        summary="All prices",
        tag="Billing",
        needs_key=False,
        replies=(Reply(200, "By model.", listed(ref("Price"))), INTERNAL),
    ),
    Operation(
        method="GET",
        path="/billing/pricing/{model}",
        summary="The price of a model",
        tag="Billing",
        needs_key=False,
        parameters=(MODEL,),
        replies=(Reply(200, "What its tokens cost.", ref("Price")), plain(404, "There is no such model."), INTERNAL),
    ),
    Operation(
        method="GET",
        path="/billing/accounts/me/balance",
        summary="What the caller has left",
        tag="Billing",
        replies=(Reply(200, "The balance.", ref("Balance")), *NO_KEY, INTERNAL),
    ),
    Operation(
        method="POST",
        path="/billing/checkout",
        summary="Buy credits",
        tag="Billing",
        body=CheckoutBody,
        examples={"ten dollars": {"amount_cents": 1_000}},
        replies=(
            Reply(200, "Where to pay.", ref("Checkout")),
            *NO_KEY,
            TOO_LARGE,
            invalid("The body is not JSON, or fails validation.", "body", "amount_cents"),
            INTERNAL,
        ),
    ),
    Operation(
        method="GET",
        path="/billing/checkout/{checkout_id}",
        summary="The page on which to pay",
        tag="Checkout pages",
        needs_key=False,
        parameters=(CHECKOUT_ID,),
        replies=PAGES,
    ),
    Operation(
        method="POST",
        path="/billing/checkout/{checkout_id}",
        summary="Pay, which costs nothing here",
        tag="Checkout pages",
        description="Once: a second time changes nothing.",
        needs_key=False,
        parameters=(CHECKOUT_ID,),
        replies=PAGES,
    ),
)


@cache
def reference() -> Reference:
    return Reference(
        title="Overshoot billing (mock)",
        version="v1beta",
        prefix="/billing",
        description=DESCRIPTION,
        operations=OPERATIONS,
        shapes=SHAPES,
    )
