"""Tokens open the room that they were made for, as long as they last on the mock's clock."""

import jwt
import pytest

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.livekit_tokens import Grant, LiveKitTokens, TokenError

NOW = 1_700_000_000 * SECOND
TOKENS = LiveKitTokens("key", "a secret that is long enough for HS256")


def issue(*, can_publish: bool = True) -> str:
    return TOKENS.issue("room", "me", can_publish=can_publish, now=NOW, lifetime=600 * SECOND)


@pytest.mark.parametrize("can_publish", [True, False])
def test_a_token_grants_what_it_was_issued_for(can_publish: bool) -> None:  # noqa: FBT001
    grant = TOKENS.verify(issue(can_publish=can_publish), NOW)
    assert grant == Grant("room", "me", can_publish, NOW + 600 * SECOND)


def test_it_carries_the_claims_that_livekit_clients_read() -> None:
    claims = jwt.decode(issue(), options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["exp"] - claims["nbf"]) == ("key", "me", 600)
    assert claims["video"] == {
        "room": "room",
        "roomJoin": True,
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": True,
    }


def test_no_two_tokens_are_the_same_not_even_within_a_second() -> None:
    assert len({issue() for _ in range(10)}) == 10


def test_it_expires_on_the_mocks_clock() -> None:
    TOKENS.verify(issue(), NOW + 599 * SECOND)
    with pytest.raises(TokenError, match="has expired"):
        TOKENS.verify(issue(), NOW + 600 * SECOND)
    with pytest.raises(TokenError, match="not valid yet"):
        TOKENS.verify(issue(), NOW - SECOND)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not.a.token",
        LiveKitTokens("key", "another secret, just as long as it").issue(
            "r", "i", can_publish=True, now=NOW, lifetime=SECOND
        ),
        jwt.encode({"iss": "key", "sub": "i", "exp": 2**31}, "a secret that is long enough for HS256", "HS256"),
        jwt.encode({"iss": "key", "sub": "i", "exp": 2**31, "video": {"room": "r", "roomJoin": True}}, "", "none"),
    ],
)
def test_others_are_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(TokenError) as refused:
        TOKENS.verify(token, NOW)
    assert not token or token not in str(refused.value)


def test_a_token_that_joins_no_room_is_refused() -> None:
    claims = {"iss": "key", "sub": "i", "exp": 2**31, "video": {"roomList": True}}
    with pytest.raises(TokenError, match="join"):
        TOKENS.verify(jwt.encode(claims, "a secret that is long enough for HS256", "HS256"), NOW)
