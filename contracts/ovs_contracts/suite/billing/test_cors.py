"""CORS headers of billing."""

from ovs_contracts.client.billing import BillingClient
from ovs_contracts.runner.marks import documented
from ovs_contracts.transport.exchange import hold

ORIGIN = "https://app.example.com"


@documented("CORS headers on every answer, errors too; the exact origin, with credentials")
def test_pages_may_read_billing(billing: BillingClient) -> None:
    """Prices, balances, checkouts and their errors allow the page's origin and its credentials."""
    headers = {"Origin": ORIGIN}
    for answer in (
        billing.prices(headers=headers).expect(200),
        billing.price("nobody/knows-this", headers=headers).expect(404),
        billing.balance(headers=headers).expect(200),
        billing.balance(key=None, headers=headers).expect(401),
        billing.checkout({"amount_cents": 1}, headers=headers).expect(422),
    ):
        names = ("access-control-allow-origin", "access-control-allow-credentials")
        seen = [answer.headers.get(name) for name in names]
        hold("who may read the answer", expected=[ORIGIN, "true"], seen=seen, exchange=answer)
