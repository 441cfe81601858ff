"""Keys, the users they belong to, and their balances."""

from collections.abc import Iterable
from dataclasses import dataclass

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.ids import Ids

# The docs write keys with a hyphen, the SDKs with an underscore.
KEY_PREFIXES = ("ovs-", "ovs_")


@dataclass(slots=True)
class Account:
    """A user's money, in microcents. Completions are charged when they are done, so it may fall a little below zero."""

    user_id: str
    balance: int

    def debit(self, microcents: int) -> None:
        self.balance -= microcents

    def credit(self, microcents: int) -> None:
        self.balance += microcents


class Accounts:
    """The keys that one mock knows. Unless ``strict``, an unknown key with a known prefix opens a new account."""

    def __init__(self, ids: Ids, *, credits_cents: int, strict: bool, keys: Iterable[str] = ()) -> None:
        self._ids = ids
        self._credits_cents = credits_cents
        self._strict = strict
        self._by_key: dict[str, Account | None] = {}
        self._revoked: set[str] = set()
        for key in keys:
            self.register(key)

    def register(self, key: str, *, credits_cents: int | None = None, same_user_as: str | None = None) -> Account:
        """Open an account for ``key``, or give its account a new balance, or let it share another key's account."""
        self._revoked.discard(key)
        if same_user_as is not None:
            self._by_key[key] = self.owner(same_user_as)
            return self.owner(key)
        cents = self._credits_cents if credits_cents is None else credits_cents
        account = self._by_key.get(key) or Account(self._ids.uuid("user"), 0)
        account.balance = cents * MICROCENTS_PER_CENT
        self._by_key[key] = account
        return account

    def knows(self, key: str) -> bool:
        """Whether the key has been registered, or has opened an account."""
        return key in self._by_key

    def register_without_user(self, key: str) -> None:
        """Register a key that is valid but belongs to no user."""
        self._revoked.discard(key)
        self._by_key[key] = None

    def revoke(self, key: str) -> None:
        """Make ``key`` invalid from now on."""
        self._revoked.add(key)

    def authenticate(self, key: str | None) -> Account:
        """The account of ``key``; rejected when the key is missing, unknown or revoked, or belongs to no user."""
        if key is None:
            raise CommandRejectedError(ErrorCode.UNAUTHORIZED, "No API key: send it as 'Authorization: Bearer <key>'.")
        known = key in self._by_key
        if key in self._revoked or not (known or self._may_open(key)):
            raise CommandRejectedError(ErrorCode.UNAUTHORIZED, "The API key is not valid.")
        account = self._by_key[key] if known else self.register(key)
        if account is None:
            raise CommandRejectedError(ErrorCode.KEY_WITHOUT_USER, "The API key belongs to no user.")
        return account

    def owner(self, key: str) -> Account:
        """The account of a key that has been authenticated before, even if it was revoked since."""
        account = self._by_key[key]
        assert account is not None
        return account

    def _may_open(self, key: str) -> bool:
        return not self._strict and any(key.startswith(p) and len(key) > len(p) for p in KEY_PREFIXES)
