"""The relay passes on what it is asked, and ends what a test has left."""

import json
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from ovs_contracts.relay.process import RelayError, RelayProcess
from ovs_contracts.transport.realtime import wait_for
from ovs_support.upstream import KEY, Upstream
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.sync.client import ClientConnection, connect


@pytest.fixture
def breakable(server: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RelayProcess]:
    """A relay of the test's own."""
    monkeypatch.setenv("OVERSHOOT_API_KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    relay = RelayProcess(server.origin, budget_cents=2)
    relay.start()
    yield relay
    relay.close()


def test_calls_go_through_as_they_are(relay: RelayProcess, server: Upstream) -> None:
    sent = b'{"a": "\xc3\xa4"}'
    with httpx.Client(base_url=relay.url) as client:
        answer = client.put("/echo?a=%2F&b", content=sent, headers={"X-Own": "yes", "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.reason_phrase, answer.content) == (418, "Teapot", sent)
    assert answer.headers.get_list("X-Twice") == ["1", "2"]
    assert answer.headers["X-Query"] == "a=%2F&b"
    ((method, path, headers),) = server.asked
    assert (method, path) == ("PUT", "/echo")
    assert headers["X-Own"] == "yes"
    assert headers["Host"] == server.origin.removeprefix("http://")


def test_nothing_is_added_to_calls_and_nothing_is_kept_of_answers(relay: RelayProcess, server: Upstream) -> None:
    host, port = relay.url.removeprefix("http://").split(":")
    for _ in range(2):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"GET /echo HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert b"seen=before" in b"".join(iter(lambda: connection.recv(65536), b""))
    for _, _, headers in server.asked:
        assert set(headers) <= {"Host", "Accept-Encoding", "Connection"}


def test_what_a_server_packs_unasked_arrives_as_it_is(relay: RelayProcess) -> None:
    with httpx.Client() as client:
        answer = client.post(f"{relay.url}/echo?zipped", content=b"a" * 5000)
    assert answer.content == b"a" * 5000
    assert "Content-Encoding" not in answer.headers


def test_the_real_key_takes_the_place_of_its_stand_in(relay: RelayProcess, server: Upstream) -> None:
    for key in (relay.api_key, "ovs-another-key"):
        httpx.get(f"{relay.url}/echo", headers={"Authorization": f"Bearer {key}"})
    told = [headers["Authorization"] for _, _, headers in server.asked]
    assert told == [f"Bearer {KEY}", "Bearer ovs-another-key"]
    assert KEY not in json.dumps(relay.request("report")), "nor does the test see it"


def test_events_come_as_they_are_sent(relay: RelayProcess, server: Upstream) -> None:
    with httpx.stream("GET", f"{relay.url}/events") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "data: one"
        server.let_go()
        assert [line for line in lines if line] == ["data: two"]
    assert [entry["data"] for entry in relay.request("report")["entries"] if entry["kind"] == "event"] == ["one", "two"]


def opened(relay: RelayProcess) -> ClientConnection:
    return connect(relay.url.replace("http", "ws") + "/socket", subprotocols=["ovs"], proxy=None)  # type: ignore[list-item]


def test_messages_of_sockets_go_both_ways(relay: RelayProcess, server: Upstream) -> None:
    with opened(relay) as client:
        assert client.subprotocol == "ovs"
        client.send(json.dumps({"api_key": relay.api_key}))
        assert client.recv() == "heard " + json.dumps({"api_key": KEY})
        client.send(b"abc")
        assert client.recv() == b"cba"
        client.close(4002, "enough")
    wait_for(lambda: "closed 4002" in server.heard)


def test_a_close_of_the_server_comes_with_its_code_and_reason(relay: RelayProcess) -> None:
    with opened(relay) as client:
        client.send("close")
        with pytest.raises(ConnectionClosed) as closed:
            client.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "for a reason")
    *_, last = relay.request("report")["entries"]
    assert (last["kind"], last["code"], last["reason"]) == ("socket-closed", 4001, "for a reason")


def test_a_socket_that_is_dropped_is_dropped(relay: RelayProcess) -> None:
    with opened(relay) as client:
        client.send("drop")
        with pytest.raises(ConnectionClosedError) as closed:
            client.recv()
    assert closed.value.rcvd is None, "no close frame came"


def made(relay: RelayProcess) -> str:
    answer = httpx.post(f"{relay.url}/v1/streams", headers={"Authorization": f"Bearer {relay.api_key}"})
    return str(answer.json()["id"])


def test_what_a_test_leaves_is_ended_though_the_server_is_out_of_order(relay: RelayProcess, server: Upstream) -> None:
    left, closed = made(relay), made(relay)
    httpx.delete(f"{relay.url}/v1/streams/{closed}", headers={"Authorization": f"Bearer {relay.api_key}"})
    assert relay.request("report")["open"] == [left]
    server.refusals = 2
    assert relay.request("end") == {"left": []}
    assert server.running == set()
    assert relay.request("report")["open"] == []


def test_a_stream_whose_maker_did_not_wait_for_it_is_ended(relay: RelayProcess, server: Upstream) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{relay.url}/v1beta/streams",
            headers={"Authorization": f"Bearer {relay.api_key}"},
            timeout=httpx.Timeout(5, read=0.1),
        )
    wait_for(lambda: server.waiting == 1)
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(relay.request, "end")
        server.let_go()
        assert ending.result(20) == {"left": []}
    assert [method for method, _, _ in server.asked] == ["POST", "DELETE"]
    assert server.running == set()


@pytest.mark.parametrize("version", ["v0.2", "v1"])
def test_the_status_of_a_stream_is_asked_for_where_its_version_has_it(
    breakable: RelayProcess, server: Upstream, version: str
) -> None:
    made = httpx.post(
        f"{breakable.url}/{version}/streams", headers={"Authorization": f"Bearer {breakable.api_key}"}
    ).json()["id"]
    assert breakable.request("status", stream=made) == {"version": version, "status": 200, "body": {"state": "running"}}
    server.running.clear()
    assert breakable.request("status", stream=made) == {"version": version, "status": 404, "body": {}}
    assert breakable.request("status", stream="another") == {"version": None}
    assert [method for method, _, _ in server.asked] == ["POST"], "that is no call of the test"


def test_a_new_test_begins_with_nothing(relay: RelayProcess) -> None:
    made(relay)
    relay.request("end")
    relay.request("begin")
    report = relay.request("report")
    assert (report["entries"], report["open"], report["cents"], report["refusals"]) == ([], [], 0, [])


def test_what_would_cost_too_much_is_refused(relay: RelayProcess, server: Upstream) -> None:
    """A stream of v0.2 may cost 1.5 cents, should nobody end it."""
    answer = httpx.post(f"{relay.url}/v0.2/streams", json={})
    assert answer.status_code == 402
    assert "the budget of 1 cents has ended" in answer.json()["message"]
    assert server.asked == []
    (refusal,) = relay.request("report")["refusals"]
    assert "POST /v0.2/streams could cost 1.50 cents" in refusal


def test_a_server_that_is_not_there_is_named(server: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSHOOT_API_KEY", KEY)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(RelayError, match=f"{nowhere} cannot be reached"):
            RelayProcess(nowhere, budget_cents=1).start()


def test_without_orders_everything_is_ended(breakable: RelayProcess, server: Upstream) -> None:
    """So it is when the process that gives them is killed."""
    made(breakable)
    assert breakable._process.stdin is not None
    breakable._process.stdin.close()
    breakable._process.stdin = None
    wait_for(lambda: not server.running)
    breakable._process.wait(20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_relay_that_is_killed_leaves_nothing_for_long(
    breakable: RelayProcess, server: Upstream, tmp_path: Path, number: signal.Signals
) -> None:
    made(breakable)
    breakable._process.send_signal(number)
    if number is signal.SIGKILL:
        breakable._process.wait(20)
        with pytest.raises(RelayError, match="ended with status -9"):
            breakable.request("report")
        assert server.running
        following = RelayProcess(server.origin, budget_cents=1)
        following.start()
        assert following.cleaned == "streams of earlier runs: ended 1, 0 had ended already"
        assert following.close() == []
    wait_for(lambda: not server.running)
    breakable.close()
    assert list((tmp_path / "ovs-contracts").iterdir()) == []
