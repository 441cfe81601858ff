"""Billing: what models cost, what an account has left, and how to add credits."""

from aiohttp import web
from pydantic import Field

from ovs_mock.api.billing import encode
from ovs_mock.api.billing.checkout import Checkout, page
from ovs_mock.api.billing.operations import CHECKOUT
from ovs_mock.api.bodies import LenientBody, validate
from ovs_mock.api.call import ApiCall, respond_error
from ovs_mock.api.chat.bodies import MAX_BODY_BYTES, parse
from ovs_mock.api.chat.errors import http_error
from ovs_mock.api.responses import respond
from ovs_mock.api.urls import websocket_origin
from ovs_mock.engine.accounts import Account

LEAST_CENTS = 100
# A million dollars; more is a mistake.
MOST_CENTS = 100_000_000


class CheckoutBody(LenientBody):
    amount_cents: int = Field(ge=LEAST_CENTS, le=MOST_CENTS)


async def prices(call: ApiCall) -> web.StreamResponse:
    return respond(200, [encode.price(price) for price in call.runtime.state.prices.list() if price.public])


async def price(call: ApiCall) -> web.StreamResponse:
    model = call.path("model")
    found = call.runtime.state.prices.for_model(model)
    if found is None:
        return respond_error(http_error(404, f"There is no price for the model {model!r}."))
    return respond(200, encode.price(found))


async def balance(call: ApiCall) -> web.StreamResponse:
    return respond(200, encode.balance(_account(call)))


async def open_checkout(call: ApiCall) -> web.StreamResponse:
    account = _account(call)
    body = validate(CheckoutBody, parse(await call.read(MAX_BODY_BYTES)))
    checkout_id = call.runtime.state.ids.tagged("cs")
    call.state.checkouts[checkout_id] = Checkout(account, body.amount_cents)
    request = call.request
    origin = websocket_origin(request.scheme, request.host, call.public_url).replace("ws", "http", 1)
    return respond(200, {"url": f"{origin}{CHECKOUT}/{checkout_id}"})


async def show_checkout(call: ApiCall) -> web.StreamResponse:
    """The page for a browser, which sends no key: anyone who has its address may pay."""
    checkout = call.state.checkouts.get(call.path("checkout_id"))
    status = 404 if checkout is None else 200
    return web.Response(status=status, text=page(checkout), content_type="text/html")


async def pay_checkout(call: ApiCall) -> web.StreamResponse:
    checkout = call.state.checkouts.get(call.path("checkout_id"))
    if checkout is not None:
        checkout.pay()
    return await show_checkout(call)


def _account(call: ApiCall) -> Account:
    return call.runtime.current_state().accounts.authenticate(call.key)
