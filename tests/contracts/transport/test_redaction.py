"""What is hidden, and what is not."""

import pytest
from ovs_contracts.transport.redaction import hide, redacted
from ovs_support.exchanges import call

TOKEN = "eyJhbGciOi.eyJpc3MiOi.c2ln_bmF0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bearer ovs-abc_123", "Bearer $OVERSHOOT_API_KEY"),
        ('{"api_key": "ovs_abc"}', '{"api_key": "$OVERSHOOT_API_KEY"}'),
        ("x-ovs-abc", "x-$OVERSHOOT_API_KEY"),
        (f'{{"token": "{TOKEN}"}}', '{"token": "<token>"}'),
        ("rtsp://user:p4ss@camera/1", "rtsp://user:<secret>@camera/1"),
        ('{"credential": "dHVybg==", "username": "u"}', '{"credential": "<secret>", "username": "u"}'),
        ("pip install 'ovs-mock[publish]'", "pip install 'ovs-mock[publish]'"),
        ("ovs_contracts/suite and ovs-contracts run", "ovs_contracts/suite and ovs-contracts run"),
        ("allow it with --ovs-max-wait=60", "allow it with --ovs-max-wait=60"),
        ("ovs://streams/1?frame_index=-1", "ovs://streams/1?frame_index=-1"),
        ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
        ('{"url": "ws://127.0.0.1:8787"}', '{"url": "ws://127.0.0.1:8787"}'),
        ('{"credential": "a/b=="}', '{"credential": "<secret>"}'),
    ],
)
def test_secrets_are_hidden_and_nothing_else(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_key_that_looks_like_none_is_hidden_once_it_is_named() -> None:
    hide("sk_live_4711_secret")
    assert redacted("my sk_live_4711_secret-2 is") == "my $OVERSHOOT_API_KEY is"
    hide("")
    hide("word")
    assert redacted("a word") == "a word", "short texts are no secrets"


def test_a_curl_line_runs_as_it_stands() -> None:
    shown = call("POST", "/v1/streams", {"name": "it's"}).curl()
    assert '-H "authorization: Bearer $OVERSHOOT_API_KEY"' in shown
    assert "user-agent" not in shown
    assert "ovs-key" not in shown
    assert shown.endswith("""--data-binary '{"name": "it'"'"'s"}'""")
