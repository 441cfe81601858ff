"""API keys and their balances.

Keys are in bodies, as paths are written into logs, and no response repeats them.
"""

from typing import Any

from ovs_mock.engine.accounts import Account, Accounts
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.request import ControlRequest
from ovs_mock.server.controls.schemas import AccountBody, KeyBody


async def open_account(control: ControlRequest) -> Any:
    """Accept a key: of a new user with a balance, or of the user of another key, or of nobody."""
    body = await control.body(AccountBody)
    if sum((body.without_user, body.same_user_as is not None, body.credits_cents is not None)) > 1:
        raise ControlRequestError(422, "give one of credits_cents, same_user_as and without_user, or none of them")
    if control.tenants.is_taken(body.api_key, control.tenant):
        raise ControlRequestError(409, "api_key: another tenant has this key: register one that only this test has")
    accounts = _accounts(control)
    if body.without_user:
        accounts.register_without_user(body.api_key)
        return {"user_id": None, "balance_microcents": None}
    if body.same_user_as is not None:
        _account(control, body.same_user_as, "same_user_as")
    account = accounts.register(body.api_key, credits_cents=body.credits_cents, same_user_as=body.same_user_as)
    return _encoded(account)


async def revoke(control: ControlRequest) -> Any:
    """Make a key invalid from now on, whether it was used before or not."""
    _accounts(control).revoke((await control.body(KeyBody)).api_key)
    return {}


async def balance(control: ControlRequest) -> Any:
    """The balance of a key's account."""
    return _encoded(_account(control, (await control.body(KeyBody)).api_key, "api_key"))


def _account(control: ControlRequest, key: str, field: str) -> Account:
    """The account of a key, which a call of the API with it would find or open."""
    try:
        return _accounts(control).authenticate(key)
    except CommandRejectedError as error:
        raise ControlRequestError(404, f"{field}: {error}") from None


def _accounts(control: ControlRequest) -> Accounts:
    return control.tenant.runtime.current_state().accounts


def _encoded(account: Account) -> dict[str, Any]:
    return {"user_id": account.user_id, "balance_microcents": account.balance}
