"""Administration of a tenant: accounts, API keys and models."""

from typing import TYPE_CHECKING

from ovs_mock.server.tenant import Tenant
from ovs_mock.util.loop_thread import LoopThread
from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    from ovs_mock.engine.accounts import Accounts
    from ovs_mock.engine.state import EngineState

__tracebackhide__ = is_user_error


class Admin:
    """Accounts, API keys and models of one tenant. Every method may be called from any thread."""

    _thread: LoopThread
    tenant: Tenant

    @property
    def api_key(self) -> str:
        """An API key whose account has credits."""
        return self.tenant.api_key

    @property
    def _state(self) -> "EngineState":
        return self.tenant.runtime.state

    @property
    def _accounts(self) -> "Accounts":
        return self._state.accounts

    def set_model_status(self, model: str, status: str) -> None:
        """Set the status of a model.

        Args:
            model: Id of the model, such as ``"Qwen/Qwen3.5-9B"``.
            status: ``ready``, ``degraded``, ``saturated`` or ``unavailable``.

        Raises:
            ValueError: There is no such status.
        """
        self._thread.call(lambda: self._state.models.set_status(model, status))

    def set_credits(self, cents: int, api_key: str | None = None) -> None:
        """Set the balance of an account. A key that is not known gets an account.

        Args:
            cents: The new balance.
            api_key: A key of the account. Defaults to ``ovs.api_key``.
        """
        self._thread.call(lambda: self._accounts.register(api_key or self.api_key, credits_cents=cents))

    def balance(self, api_key: str | None = None) -> int:
        """The balance of an account.

        Args:
            api_key: A key of the account. Defaults to ``ovs.api_key``.

        Returns:
            Microcents: a million of them is a cent.
        """
        return self._thread.call(lambda: self._accounts.authenticate(api_key or self.api_key).balance)

    def register_key(self, api_key: str, *, credits_cents: int | None = None, same_user_as: str | None = None) -> None:
        """Make an API key valid.

        Args:
            api_key: The key.
            credits_cents: Balance of its account. Defaults to ``Settings.credits_cents``.
            same_user_as: Another key, whose user the key belongs to. Defaults to a new user.
        """
        self._thread.call(
            lambda: self._accounts.register(api_key, credits_cents=credits_cents, same_user_as=same_user_as)
        )

    def register_key_without_user(self, api_key: str) -> None:
        """Make an API key known that belongs to no user, which v1 and v1beta answer with 403.

        Args:
            api_key: The key.
        """
        self._thread.call(lambda: self._accounts.register_without_user(api_key))

    def set_draining(self, draining: bool = True) -> None:  # noqa: FBT001, FBT002 - the name says what it sets
        """Answer new streams and chats with 503, as a server does before it restarts.

        Args:
            draining: ``False`` accepts them again.
        """
        self._thread.call(lambda: setattr(self._state, "draining", draining))

    def revoke(self, api_key: str) -> None:
        """Make an API key invalid.

        Args:
            api_key: The key.
        """
        self._thread.call(lambda: self._accounts.revoke(api_key))
