"""What is hidden, and what is not: in the journal of the mock, and in what a run of the contracts shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ovs_contracts.transport.redaction import hide, redacted, redacted_header
from ovs_support.exchanges import call

from ovs_common.redaction import KEY, PASSWORD, TOKEN, Redactor
from ovs_mock.journal import redaction as journal

A_TOKEN = "eyJhbGciOi.eyJpc3MiOi.c2ln_bmF0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer ovs-abc_123", "Bearer $OVERSHOOT_API_KEY"),
        ('{"api_key": "ovs_abc"}', '{"api_key": "$OVERSHOOT_API_KEY"}'),
        ("x-ovs-abc", "x-$OVERSHOOT_API_KEY"),
        (f'{{"token": "{A_TOKEN}"}}', '{"token": "<token>"}'),
        ("rtsp://user:p4ss@camera/1", "rtsp://user:<secret>@camera/1"),
        ('{"credential": "dHVybg==", "username": "u"}', '{"credential": "<secret>", "username": "u"}'),
        ("pip install 'ovs-mock[publish]'", "pip install 'ovs-mock[publish]'"),
        ("ovs_contracts/suite and ovs-contracts run", "ovs_contracts/suite and ovs-contracts run"),
        ("allow it with --ovs-max-wait=60", "allow it with --ovs-max-wait=60"),
        ("ovs://streams/1?frame_index=-1", "ovs://streams/1?frame_index=-1"),
        ("rtsp://s3cret@camera/1", "rtsp://<secret>@camera/1"),
        ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
        ('{"url": "ws://127.0.0.1:8787"}', '{"url": "ws://127.0.0.1:8787"}'),
        ('{"credential": "a/b=="}', '{"credential": "<secret>"}'),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_a_key_that_looks_like_none_is_hidden_once_it_is_named() -> None:
    hide("sk_live_4711_secret")
    assert redacted("my sk_live_4711_secret-2 is") == "my $OVERSHOOT_API_KEY is"
    hide("")
    hide("word")
    assert redacted("a word") == "a word", "short texts are no secrets"


def test_a_curl_line_runs_as_it_stands() -> None:
    expected = call("POST", "/v1/streams", {"name": "it's"}).curl()
    assert '-H "authorization: Bearer $OVERSHOOT_API_KEY"' in expected
    assert "user-agent" not in expected
    assert "ovs-key" not in expected
    assert expected.endswith("""--data-binary '{"name": "it'"'"'s"}'""")


PIECES = ["ovs-a", "ovs_a", "OVS-a", "eyJhb.eyJz.c2", "rtsp://me:pass@camera/1", "@", "://", " ", "/", "x"]


@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join))
def test_the_cheap_checks_hide_the_same_secrets(text: str) -> None:
    assert journal.redacted(text) == PASSWORD.sub("***", TOKEN.sub("<token>", KEY.sub(r"ovs\1***", text)))


def test_the_password_of_a_turn_server_is_hidden_in_the_journal_too() -> None:
    assert journal.redacted('{"credential": "dHVybg=="}') == '{"credential": "***"}'


def test_a_credential_header_keeps_its_scheme_alone() -> None:
    headers = journal.redacted_headers({"Authorization": "Bearer secret", "Proxy-Authorization": "Basic c2VjcmV0"})
    assert headers == {"authorization": "Bearer ***", "proxy-authorization": "Basic ***"}
    assert redacted_header("Authorization", "Bearer secret") == "Bearer <secret>"
    assert redacted_header("Authorization", "Bearer ovs-abc") == "Bearer $OVERSHOOT_API_KEY"


@pytest.mark.parametrize("name", ["Cookie", "Set-Cookie"])
def test_cookies_are_hidden(name: str) -> None:
    assert journal.redacted_headers({name: "session=secret; theme=dark"}) == {name.lower(): "***"}
    assert redacted_header(name, "session=secret; theme=dark") == "<secret>"


def test_a_credential_without_a_scheme_is_hidden() -> None:
    assert journal.redacted_headers({"Authorization": "ovs-secret"}) == {"authorization": "***"}


def test_redactors_share_no_hidden_texts() -> None:
    one, other = Redactor("<key>", "***"), Redactor("<key>", "***")
    one.hide("a secret of mine")
    assert (one.text("a secret of mine"), other.text("a secret of mine")) == ("<key>", "a secret of mine")
