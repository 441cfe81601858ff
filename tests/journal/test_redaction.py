"""Nothing secret is written down, however cheaply most text is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.journal.redaction import KEY, PASSWORD, TOKEN, redacted, redacted_headers

PIECES = ["ovs-a", "ovs_a", "OVS-a", "eyJhb.eyJz.c2", "rtsp://me:pass@camera/1", "@", "://", " ", "/", "x"]


@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_text_that_holds_no_mark_of_a_secret_is_the_text_without_secrets(text: str) -> None:
    assert redacted(text) == PASSWORD.sub("***@", TOKEN.sub("<token>", KEY.sub(r"ovs\1***", text)))


def test_of_a_credential_only_the_scheme_is_shown() -> None:
    shown = redacted_headers({"Authorization": "Bearer secret", "Proxy-Authorization": "Basic c2VjcmV0"})
    assert shown == {"authorization": "Bearer ***", "proxy-authorization": "Basic ***"}


@pytest.mark.parametrize("name", ["Cookie", "Set-Cookie"])
def test_of_cookies_nothing_is_shown(name: str) -> None:
    assert redacted_headers({name: "session=secret; theme=dark"}) == {name.lower(): "***"}


def test_a_credential_without_a_scheme_is_not_shown() -> None:
    assert redacted_headers({"Authorization": "ovs-secret"}) == {"authorization": "***"}
