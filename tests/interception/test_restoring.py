"""What an interception replaces, it puts back."""

import asyncio
import os
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import aiohttp
import httpx
import pytest
import uvloop

from ovs_mock import BackgroundMock, Guard, Settings

URL = "https://api.overshoot.ai/v1/models"


@pytest.fixture(scope="module")
def mock() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1)) as mock:
        yield mock


def state() -> list[Any]:
    owners = (socket, socket.socket, ssl.SSLContext, ssl.SSLObject, ssl.SSLSocket, asyncio.BaseEventLoop)
    return [*(dict(vars(o)) for o in (*owners, uvloop.Loop, aiohttp.AsyncResolver)), dict(os.environ)]


def test_everything_is_put_back(mock: BackgroundMock) -> None:
    before = state()
    with Guard(), mock.intercept():
        assert state() != before
        assert httpx.get(URL).status_code == 200
    assert state() == before


def test_everything_is_put_back_after_an_exception(mock: BackgroundMock) -> None:
    before = state()
    with pytest.raises(ZeroDivisionError), mock.intercept():
        raise ZeroDivisionError
    assert state() == before


def test_what_was_replaced_later_by_others_is_left_to_them(
    mock: BackgroundMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = socket.getaddrinfo
    with mock.intercept():
        theirs = partial(socket.getaddrinfo)
        monkeypatch.setattr(socket, "getaddrinfo", theirs)
    assert socket.getaddrinfo is theirs
    assert socket.getaddrinfo("127.0.0.1", 80)
    monkeypatch.undo()
    socket.getaddrinfo = original


def test_interceptions_of_one_mock_nest(mock: BackgroundMock) -> None:
    with mock.intercept("lk.overshoot.ai"), mock.intercept():
        with mock.intercept():
            pass
        assert httpx.get(URL).status_code == 200
    with mock.intercept(), pytest.raises(RuntimeError, match=r"cannot add vision\.example: name all hosts"):
        mock.intercept("vision.example").__enter__()


def test_two_mocks_cannot_be_the_api_at_once(mock: BackgroundMock) -> None:
    before = state()
    other = mock.open_tenant(Settings(seed=2))
    with mock.intercept(), pytest.raises(RuntimeError, match=r"leave that intercept\(\) before"):
        other.intercept().__enter__()
    with other.intercept():
        assert httpx.get(URL).status_code == 200
    mock.close_tenant(other)
    assert state() == before


def test_threads_share_an_interception(mock: BackgroundMock) -> None:
    before = state()
    together = threading.Barrier(4)

    def call(_: int) -> int:
        with mock.intercept():
            together.wait()
            return httpx.get(URL).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(call, range(4))) == [200] * 4
    assert state() == before


def test_a_connection_does_not_outlive_its_interception(mock: BackgroundMock) -> None:
    with httpx.Client() as client:
        with mock.intercept():
            assert client.get(URL).status_code == 200
        with Guard(), pytest.raises(httpx.ConnectError):
            client.get(URL)
        with mock.intercept():
            assert client.get(URL).status_code == 200


def test_a_mock_may_stop_before_its_interception_ends() -> None:
    before = state()
    mock = BackgroundMock(Settings(seed=1)).start()
    with mock.intercept():
        mock.stop()
        with pytest.raises(httpx.ConnectError):
            httpx.get(URL)
    assert state() == before


@pytest.mark.parametrize("host", ["https://api.overshoot.ai", "api.overshoot.ai:443"])
def test_hosts_are_hosts(host: str, mock: BackgroundMock) -> None:
    with pytest.raises(ValueError, match="without scheme and port"):
        mock.intercept(host)


def test_without_trustme_the_extra_is_named(mock: BackgroundMock, monkeypatch: pytest.MonkeyPatch) -> None:
    from ovs_mock.interception import certificates

    before = state()
    monkeypatch.setitem(sys.modules, "trustme", None)
    fresh: Callable[[], Any] = certificates._authority.__wrapped__
    monkeypatch.setattr(certificates, "_authority", fresh)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ovs-mock\[intercept\]'"):
        mock.intercept("new.example").__enter__()
    assert state() == before
