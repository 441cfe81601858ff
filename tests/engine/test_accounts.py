"""Keys belong to users, and money to the users."""

import pytest

from ovs_mock.engine.accounts import Accounts
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.ids import Ids


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(Ids(1), credits_cents=10, strict=False)


def test_two_keys_of_one_user_share_their_money(accounts: Accounts) -> None:
    account = accounts.register("ovs-one")
    assert accounts.register("ovs-two", same_user_as="ovs-one") is account
    accounts.authenticate("ovs-two").debit(1)
    assert accounts.authenticate("ovs-one").balance == 9_999_999


def test_a_key_may_belong_to_nobody(accounts: Accounts) -> None:
    accounts.register_without_user("ovs-orphan")
    with pytest.raises(CommandRejectedError) as refused:
        accounts.authenticate("ovs-orphan")
    assert refused.value.code is ErrorCode.KEY_WITHOUT_USER


def test_a_revoked_key_is_unknown_until_it_is_registered_again(accounts: Accounts) -> None:
    accounts.revoke("ovs-key")
    with pytest.raises(CommandRejectedError) as refused:
        accounts.authenticate("ovs-key")
    assert refused.value.code is ErrorCode.UNAUTHORIZED
    accounts.register("ovs-key")
    accounts.authenticate("ovs-key")


def test_registering_again_sets_the_balance_and_keeps_the_user(accounts: Accounts) -> None:
    account = accounts.register("ovs-key")
    assert accounts.register("ovs-key", credits_cents=3) is account
    assert account.balance == 3_000_000
