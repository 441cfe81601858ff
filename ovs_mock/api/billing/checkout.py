"""Checkouts: sums to pay, each with a page of its own."""

from dataclasses import dataclass

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.billing import MICROCENTS_PER_CENT


@dataclass(slots=True)
class Checkout:
    """A sum in cents for an account. Only the first payment counts."""

    account: Account
    amount_cents: int
    paid: bool = False

    def pay(self) -> None:
        if not self.paid:
            self.paid = True
            self.account.credit(self.amount_cents * MICROCENTS_PER_CENT)


def page(checkout: Checkout | None) -> str:
    """The page of a checkout for browsers."""
    if checkout is None:
        return _html("Checkout not found", "<p>There is no such checkout on this mock.</p>")
    amount = f"${checkout.amount_cents / 100:,.2f}"
    if checkout.paid:
        return _html("Paid", f"<p>{amount} of credits were added to the account.</p>")
    form = f'<form method="post"><button type="submit">Pay {amount}</button></form>'
    return _html(f"Add {amount} of credits", f"<p>This is a mock: nobody is charged.</p>{form}")


def _html(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1.1rem system-ui, sans-serif; max-width: 30rem; margin: 15vh auto; padding: 0 1rem }}
button {{ font: inherit; padding: .6rem 1.2rem }}</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
