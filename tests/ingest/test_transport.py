"""Which addresses media listens on, and which aiortc this was written for."""

import ipaddress

import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport

from ovs_mock.ingest.webrtc.transport import UnknownAiortcError, media_addresses, require_known_aiortc


def test_the_aiortc_of_the_extra_is_known() -> None:
    require_known_aiortc()


def test_an_aiortc_that_changed_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(RTCDtlsTransport, "_handle_rtp_data")
    with pytest.raises(UnknownAiortcError, match=r"_handle_rtp_data.*pip install 'ovs-mock\[media\]'"):
        require_known_aiortc()


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1")])
def test_media_listens_where_the_server_does(host: str, address: str) -> None:
    assert media_addresses(host) == [address]


def test_the_local_host_is_the_loopback() -> None:
    assert all(ipaddress.ip_address(address).is_loopback for address in media_addresses("localhost"))


@pytest.mark.parametrize("host", ["0.0.0.0", ""])  # noqa: S104 - that is the test
def test_a_server_on_all_addresses_takes_media_on_all_and_the_loopback(host: str) -> None:
    assert media_addresses(host)[0] == "127.0.0.1"
