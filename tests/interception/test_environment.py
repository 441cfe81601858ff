"""Variables of the environment that lead to the API."""

import os
import subprocess
import sys

import pytest

from ovs_mock import BackgroundMock, Settings
from ovs_mock.interception.environment import environment_changes

HOSTS = frozenset({"api.overshoot.ai", "livekit.overshoot.ai"})


def changes(**environ: str) -> dict[str, str]:
    return environment_changes(environ, HOSTS, "http://127.0.0.1:5", "ovs-key")


def test_the_key_is_the_mocks_even_where_none_was() -> None:
    assert changes() == {"OVERSHOOT_API_KEY": "ovs-key"}


@pytest.mark.parametrize("name", ["OVERSHOOT_API_KEY", "NEXT_PUBLIC_OVERSHOOT_API_KEY", "OVS_KEY", "overshoot_key"])
def test_keys_by_other_names(name: str) -> None:
    assert changes(**{name: "ovs-real"})[name] == "ovs-key"


@pytest.mark.parametrize(
    ("value", "moved"),
    [
        ("https://api.overshoot.ai/v1beta", "http://127.0.0.1:5/v1beta"),
        ("https://API.overshoot.ai:443/v0.2/", "http://127.0.0.1:5/v0.2/"),
        ("wss://livekit.overshoot.ai", "ws://127.0.0.1:5"),
    ],
)
def test_urls_keep_their_paths(value: str, moved: str) -> None:
    assert changes(VISION_URL=value)["VISION_URL"] == moved


@pytest.mark.parametrize("value", ["https://overshoot.example/v1", "api.overshoot.ai", "http://[", "no url", ""])
def test_what_does_not_lead_to_the_api_is_left(value: str) -> None:
    assert set(changes(VISION_URL=value)) == {"OVERSHOOT_API_KEY"}


def test_openais_key_is_the_mocks_where_its_url_is() -> None:
    assert "OPENAI_API_KEY" not in changes(OPENAI_API_KEY="sk-real", OPENAI_BASE_URL="https://api.openai.com/v1")
    assert changes(OPENAI_BASE_URL="https://api.overshoot.ai/v1")["OPENAI_API_KEY"] == "ovs-key"


def test_proxies_stay_out_of_the_way() -> None:
    by_name = changes(HTTPS_PROXY="http://proxy:3128", NO_PROXY="localhost")
    assert by_name["no_proxy"] == by_name["NO_PROXY"] == "localhost,api.overshoot.ai,livekit.overshoot.ai"
    assert changes(https_proxy="http://proxy:3128", no_proxy="*")["NO_PROXY"] == "*"


def test_a_subprocess_finds_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSHOOT_BASE_URL", "https://api.overshoot.ai/v1")
    monkeypatch.delenv("OVERSHOOT_API_KEY", raising=False)
    code = """
import os, urllib.request
url, key = os.environ["OVERSHOOT_BASE_URL"], os.environ["OVERSHOOT_API_KEY"]
headers = {"Authorization": f"Bearer {key}"}
print(urllib.request.urlopen(urllib.request.Request(f"{url}/streams", b"", headers)).status)
"""
    with BackgroundMock(Settings(seed=1)) as mock:
        with mock.intercept():
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.stdout == "201\n", done.stderr
        assert len(mock.streams) == 1
    assert os.environ["OVERSHOOT_BASE_URL"] == "https://api.overshoot.ai/v1"
    assert "OVERSHOOT_API_KEY" not in os.environ
