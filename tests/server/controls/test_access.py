"""The controls are for programs on this machine."""

import pytest

from ovs_mock.server.controls.access import denial


@pytest.mark.parametrize("host", ["127.0.0.1:8787", "localhost:1", "localhost", "[::1]:8787", "127.9.9.9"])
def test_this_machine_may(host: str) -> None:
    assert denial(host, None, allow_other_hosts=False) is None
    assert denial(host, f"http://{host}", allow_other_hosts=False) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "192.168.1.7:8787", "localhost.evil.example", "", "127.0.0.1.evil", "a b"]
)
def test_other_hosts_may_not_unless_opened(host: str) -> None:
    assert "--open-control" in (denial(host, None, allow_other_hosts=False) or "")
    assert denial(host, None, allow_other_hosts=True) is None


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9999", "null", ""])
def test_pages_of_other_origins_may_not(origin: str) -> None:
    assert "other origins" in (denial("localhost:8787", origin, allow_other_hosts=False) or "")
