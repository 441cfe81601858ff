"""What a test arranges in its world: money, keys, models."""

from typing import TYPE_CHECKING

from ovs_mock.server.tenant import Tenant
from ovs_mock.util.loop_thread import LoopThread
from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    from ovs_mock.engine.accounts import Accounts
    from ovs_mock.engine.state import EngineState


__tracebackhide__ = is_user_error


class Admin:
    """Of one tenant. Every method may be called from any thread."""

    _thread: LoopThread
    tenant: Tenant

    @property
    def api_key(self) -> str:
        """A key with credits."""
        return self.tenant.api_key

    @property
    def _world(self) -> "EngineState":
        return self.tenant.runtime.engine.state

    @property
    def _accounts(self) -> "Accounts":
        return self._world.accounts

    def set_model_status(self, model: str, status: str) -> None:
        """Make a model ``ready``, ``degraded``, ``saturated`` or ``unavailable``."""
        self._thread.call(lambda: self._world.models.set_status(model, status))

    def set_credits(self, cents: int, api_key: str | None = None) -> None:
        """Set the balance of a key's account, opening one for a new key."""
        self._thread.call(lambda: self._accounts.register(api_key or self.api_key, credits_cents=cents))

    def balance(self, api_key: str | None = None) -> int:
        """What a key's account has left, in microcents: a million of them is a cent."""
        return self._thread.call(lambda: self._accounts.authenticate(api_key or self.api_key).balance)

    def register_key(self, api_key: str, *, credits_cents: int | None = None, same_user_as: str | None = None) -> None:
        """Accept a key: of a new user with so many cents, or of the user whom another key belongs to."""
        self._thread.call(
            lambda: self._accounts.register(api_key, credits_cents=credits_cents, same_user_as=same_user_as)
        )

    def register_key_without_user(self, api_key: str) -> None:
        """Know a key that belongs to nobody: v1 and v1beta answer it with 403."""
        self._thread.call(lambda: self._accounts.register_without_user(api_key))

    def set_draining(self, draining: bool = True) -> None:  # noqa: FBT001, FBT002 - says what it sets
        """Refuse new streams and chats with 503, as a server does before it restarts; or take them again."""
        self._thread.call(lambda: setattr(self._world, "draining", draining))

    def revoke(self, api_key: str) -> None:
        """Make a key invalid from now on."""
        self._thread.call(lambda: self._accounts.revoke(api_key))
