"""What is signed by hand is what PyJWT would have signed."""

from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.runtime.hs256 import ALGORITHM, sign

SECRET = "a secret that is long enough for HS256"
CLAIMS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    # PyJWT has its own ideas of what these hold.
    st.text().filter(lambda name: name not in {"exp", "nbf", "iat", "aud", "iss", "sub", "jti"}),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists),
)


@given(claims=CLAIMS)
def test_a_token_is_the_one_of_pyjwt(claims: dict[str, Any]) -> None:
    assert sign(claims, SECRET) == jwt.encode(claims, SECRET, algorithm=ALGORITHM)


@given(claims=CLAIMS)
def test_pyjwt_reads_the_claims(claims: dict[str, Any]) -> None:
    assert jwt.decode(sign(claims, SECRET), SECRET, algorithms=[ALGORITHM]) == claims


def test_another_secret_does_not_open_it() -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(sign({"a": 1}, SECRET), SECRET[::-1], algorithms=[ALGORITHM])
