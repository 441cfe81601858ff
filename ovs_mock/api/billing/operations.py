"""The routes of billing, which is at the host's root beside the versions."""

from ovs_mock.api.operation import Operation

PREFIX = "/billing"
CHECKOUT = PREFIX + "/checkout"
MODULE = "api.billing.handlers"

OPERATIONS = (
    Operation("GET", PREFIX + "/pricing", f"{MODULE}:prices"),
    # Ids of models contain slashes.
    Operation("GET", PREFIX + "/pricing/{model:.+}", f"{MODULE}:price"),
    Operation("GET", PREFIX + "/accounts/me/balance", f"{MODULE}:balance"),
    Operation("POST", CHECKOUT, f"{MODULE}:open_checkout"),
    Operation("GET", CHECKOUT + "/{checkout_id}", f"{MODULE}:show_checkout"),
    Operation("POST", CHECKOUT + "/{checkout_id}", f"{MODULE}:pay_checkout"),
)
