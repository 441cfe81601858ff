"""Keys and their money."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from ovs_mock.engine.accounts import Account, Accounts
from ovs_mock.engine.errors import CommandRejectedError
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, body
from ovs_mock.server.controls.schemas import AccountBody, KeyBody


class AccountControls:
    """Keys come in bodies, as addresses are written into logs; no answer repeats them.

    ``taken`` tells whether a key leads to somebody else.
    """

    def __init__(self, runtime: Runtime, taken: Callable[[str], bool]) -> None:
        self._runtime = runtime
        self._taken = taken

    def endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("POST", "/accounts"): self.open,
            ("POST", "/accounts/revoke"): self.revoke,
            ("POST", "/accounts/balance"): self.balance,
        }

    async def open(self, request: web.Request) -> Any:
        """Accept a key: of a new user with so many cents, or of the user of another key, or of nobody."""
        asked = await body(request, AccountBody)
        if sum((asked.without_user, asked.same_user_as is not None, asked.credits_cents is not None)) > 1:
            raise ControlRequestError(422, "give one of credits_cents, same_user_as and without_user, or none of them")
        if self._taken(asked.api_key):
            raise ControlRequestError(409, "api_key: another tenant has this key: register one that only this test has")
        accounts = self._accounts()
        if asked.without_user:
            accounts.register_without_user(asked.api_key)
            return {"user_id": None, "balance_microcents": None}
        if asked.same_user_as is not None:
            self._account(asked.same_user_as, "same_user_as")
        account = accounts.register(asked.api_key, credits_cents=asked.credits_cents, same_user_as=asked.same_user_as)
        return _shown(account)

    async def revoke(self, request: web.Request) -> Any:
        """Make a key invalid from now on; a key that nobody has used yet, too."""
        self._accounts().revoke((await body(request, KeyBody)).api_key)
        return {}

    async def balance(self, request: web.Request) -> Any:
        """What a key's account has left."""
        return _shown(self._account((await body(request, KeyBody)).api_key, "api_key"))

    def _account(self, key: str, field: str) -> Account:
        """The account that a key stands for, which a call of the API with it would find or open."""
        try:
            return self._accounts().authenticate(key)
        except CommandRejectedError as refused:
            raise ControlRequestError(404, f"{field}: {refused}") from None

    def _accounts(self) -> Accounts:
        return self._runtime.current_state().accounts


def _shown(account: Account) -> dict[str, Any]:
    return {"user_id": account.user_id, "balance_microcents": account.balance}
