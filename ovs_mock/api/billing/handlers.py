"""``/billing``: what things cost, what is left, and how to get more."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from ovs_mock.api.auth import bearer_key
from ovs_mock.api.billing import encode
from ovs_mock.api.billing.checkout import Checkouts, page
from ovs_mock.api.bodies import validate
from ovs_mock.api.chat.bodies import parse, read
from ovs_mock.api.chat.errors import detail
from ovs_mock.api.responses import respond
from ovs_mock.api.urls import websocket_origin
from ovs_mock.engine.accounts import Account
from ovs_mock.runtime.runtime import Runtime

PREFIX = "/billing"
LEAST_CENTS = 100
# A million dollars; more cannot be meant.
MOST_CENTS = 100_000_000


class CheckoutBody(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)

    amount_cents: int = Field(ge=LEAST_CENTS, le=MOST_CENTS)


class BillingHandlers:
    """Billing of one mock."""

    def __init__(self, runtime: Runtime, public_url: str | None) -> None:
        self._runtime = runtime
        self._public_url = public_url
        self._checkouts = Checkouts()

    def routes(self) -> list[web.RouteDef]:
        checkout = PREFIX + "/checkout/{checkout_id}"
        return [
            web.get(PREFIX + "/pricing", self.prices),
            # Ids of models contain slashes.
            web.get(PREFIX + "/pricing/{model:.+}", self.price),
            web.get(PREFIX + "/accounts/me/balance", self.balance),
            web.post(PREFIX + "/checkout", self.open_checkout),
            web.get(checkout, self.show_checkout),
            web.post(checkout, self.pay_checkout),
        ]

    async def prices(self, request: web.Request) -> web.StreamResponse:
        prices = self._runtime.current_state().prices.list()
        return respond(200, [encode.price(price) for price in prices if price.public])

    async def price(self, request: web.Request) -> web.StreamResponse:
        model = request.match_info["model"]
        price = self._runtime.current_state().prices.for_model(model)
        if price is None:
            problem = detail(404, f"There is no price for the model {model!r}.")
            return respond(problem.status, problem.body)
        return respond(200, encode.price(price))

    async def balance(self, request: web.Request) -> web.StreamResponse:
        return respond(200, encode.balance(self._account(request)))

    async def open_checkout(self, request: web.Request) -> web.StreamResponse:
        account = self._account(request)
        wanted = validate(CheckoutBody, parse(await read(request)))
        checkout_id = self._runtime.engine.state.ids.tagged("cs")
        self._checkouts.open(checkout_id, account, wanted.amount_cents)
        return respond(200, {"url": f"{self._origin(request)}{PREFIX}/checkout/{checkout_id}"})

    async def show_checkout(self, request: web.Request) -> web.StreamResponse:
        """The page for a browser, which sends no key: whoever knows its address may pay."""
        checkout = self._checkouts.find(request.match_info["checkout_id"])
        status = 404 if checkout is None else 200
        return web.Response(status=status, text=page(checkout), content_type="text/html")

    async def pay_checkout(self, request: web.Request) -> web.StreamResponse:
        checkout = self._checkouts.find(request.match_info["checkout_id"])
        if checkout is not None:
            checkout.pay()
        return await self.show_checkout(request)

    def _account(self, request: web.Request) -> Account:
        key = bearer_key(request.headers.get("Authorization"))
        return self._runtime.current_state().accounts.authenticate(key)

    def _origin(self, request: web.Request) -> str:
        return websocket_origin(request.scheme, request.host, self._public_url).replace("ws", "http", 1)
