"""Tenants over HTTP: parallel tests in any language share a server and nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_mock import BackgroundMock, Settings
from ovs_mock.server.controls.tenant_settings import NAMES
from ovs_mock.server.controls.tenants import MAX_TENANTS

STREAM = {"processing": {"interval_seconds": 1}, "inference": {"prompt": "?", "model": "Qwen/Qwen3.5-9B"}}


HTTP = httpx.Client()


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    HTTP.close()


@pytest.fixture
def mock() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1)) as mock:
        yield mock


class Guest:
    """A test in another language: all that it knows is HTTP."""

    def __init__(self, mock: BackgroundMock, **asked: Any) -> None:
        opened = HTTP.post(f"{mock.url}/_mock/tenants", json=asked)
        assert opened.status_code == 200, opened.text
        self.opened: dict[str, Any] = opened.json()

    def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.opened['api_key']}"}
        return HTTP.request(method, self.opened["url"] + path, json=body, headers=headers)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, f"/_mock{path}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self) -> str:
        return str(self.call("POST", "/v0.2/streams", STREAM).json()["stream_id"])

    def session(self) -> dict[str, Any]:
        """Streams with video and results, as they come to their end on a clock of one's own."""
        ids = [self.create() for _ in range(3)]
        self.control("POST", "/model/replies", {"reply": {"text": self.opened["name"]}, "times": 9})
        for id_ in ids:
            self.control("POST", f"/streams/{id_}/play", {"seconds": 3, "fps": 5})
        seen = [stream["stream_id"] for stream in self.control("GET", "/streams")]
        self.control("POST", "/clock/advance", {"seconds": 46})
        events = self.control("GET", "/journal?kind=event")["entries"]
        said = {event["result"]["text"] for event in events if event["event"] == "ResultReady"}
        ended = [event["stream_id"] for event in events if event["event"] == "StreamEnded"]
        now = self.control("GET", "/clock")["now"]
        return {"ids": ids, "seen": seen, "said": said, "ended": ended, "now": now}


def test_two_clients_in_parallel_never_meet(mock: BackgroundMock) -> None:
    guests = [Guest(mock, clock="frozen", settings={"seed": 7}) for _ in range(2)]
    started = [guest.opened["now"] for guest in guests]
    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(Guest.session, guests))
    for guest, told_of in zip(guests, told, strict=True):
        assert told_of["seen"] == told_of["ids"]
        assert sorted(told_of["ended"]) == sorted(told_of["ids"])
        assert guest.opened["name"] in told_of["said"]
        assert told[1 - told.index(told_of)]["said"].isdisjoint({guest.opened["name"]})
    assert not set(told[0]["ids"]) & set(told[1]["ids"])
    # On their own clocks, which only they have moved.
    assert [moved["now"] > start for moved, start in zip(told, started, strict=True)] == [True, True]
    assert mock.streams == []
    assert len(mock.journal) == 0


@pytest.fixture(scope="module")
def shared() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=2)) as mock:
        yield mock


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["create", "advance", "reset"])), max_size=12))
def test_whatever_happens_in_between_each_sees_its_own(shared: BackgroundMock, done: list[tuple[int, str]]) -> None:
    guests = [Guest(shared, clock="frozen", settings={"seed": 7, "concurrent_streams": 99}) for _ in range(3)]
    ids: list[list[str]] = [[], [], []]
    passed = [0, 0, 0]
    for who, what in done:
        if what == "create":
            ids[who].append(guests[who].create())
        elif what == "advance":
            guests[who].control("POST", "/clock/advance", {"seconds": 1})
            passed[who] += 1
        else:
            guests[who].control("POST", "/reset")
            ids[who].clear()
    for guest, own, moved in zip(guests, ids, passed, strict=True):
        assert [stream["stream_id"] for stream in guest.control("GET", "/streams")] == own
        now = datetime.fromisoformat(guest.control("GET", "/clock")["now"])
        assert (now - datetime.fromisoformat(guest.opened["now"])).total_seconds() == moved
        guest.control("DELETE", "/tenants")


def test_the_same_name_and_seed_give_the_same_ids_in_every_run() -> None:
    ids = []
    for _ in range(2):
        with BackgroundMock() as mock:
            guest = Guest(mock, settings={"seed": 7, "name": "doors"})
            ids.append((guest.opened["api_key"], guest.create()))
    assert ids[0] == ids[1]


def test_it_has_the_requested_settings(mock: BackgroundMock) -> None:
    asked = {"api_key": "ovs-my-own", "clock": "frozen", "settings": {"ttl_seconds": 300, "api_keys": ["ovs-second"]}}
    guest = Guest(mock, **asked)
    assert guest.opened["api_key"] == "ovs-my-own"
    assert guest.opened["v02"] == mock.v02
    assert guest.opened["livekit_url"] == mock.livekit_url
    stream_id = guest.create()
    guest.control("POST", "/clock/advance", {"seconds": 299})
    assert guest.call("GET", f"/v0.2/streams/{stream_id}/info").status_code == 200
    assert guest.control("GET", "/clock") == guest.control("GET", "/clock")
    second = httpx.get(f"{mock.url}/_mock/streams", headers={"Authorization": "Bearer ovs-second"})
    assert [stream["stream_id"] for stream in second.json()] == [stream_id]


def test_closing_it_returns_its_report(mock: BackgroundMock) -> None:
    guest = Guest(mock, clock="frozen")
    kept, closed = guest.create(), guest.create()
    guest.control("POST", "/model/replies", {"reply": {"text": "never asked for"}})
    guest.control("POST", "/model/replies", {"reply": {"text": "nor this"}, "optional": True})
    guest.control("POST", "/faults", {"on": "GET /v1/streams/*", "do": "reset"})
    guest.control("POST", f"/streams/{closed}/play", {"seconds": 30, "fps": 1})
    guest.call("DELETE", f"/v0.2/streams/{closed}")
    verdict = guest.control("DELETE", "/tenants")
    kinds = [(leak["kind"], leak["stream_id"]) for leak in verdict["leaks"]]
    assert kinds == [("stream", kept), ("second-stream", kept)]
    assert verdict["bill"]["microcents"] == sum(line["microcents"] for line in verdict["bill"]["lines"]) > 900_000
    (reply,) = verdict["unused"]["replies"]
    assert reply == {"says": "any question → 'never asked for'", "used": 0, "expected": 1}
    assert verdict["unused"]["faults"][0]["says"] == "GET /v1/streams/* → connection reset"
    assert (verdict["failures"], verdict["clean"]) == ([], False)


def test_a_tenant_that_did_all_right_is_clean(mock: BackgroundMock) -> None:
    guest = Guest(mock)
    guest.call("DELETE", f"/v0.2/streams/{guest.create()}")
    assert guest.control("DELETE", "/tenants")["clean"]


def test_a_key_is_good_for_nothing_after_the_end(mock: BackgroundMock) -> None:
    guest = Guest(mock, api_key="ovs-again")
    guest.control("DELETE", "/tenants")
    assert guest.call("POST", "/v0.2/streams", STREAM).status_code == 401
    again = guest.call("DELETE", "/_mock/tenants")
    assert (again.status_code, "has been closed" in again.json()["error"]) == (404, True)
    assert guest.call("GET", "/_mock/streams").status_code == 404
    assert Guest(mock, api_key="ovs-again").create()


def test_the_main_tenant_is_not_closed(mock: BackgroundMock) -> None:
    for headers in ({}, {"Authorization": f"Bearer {mock.api_key}"}):
        refused = httpx.delete(f"{mock.url}/_mock/tenants", headers=headers)
        assert (refused.status_code, "main tenant" in refused.json()["error"]) == (409, True)


def test_with_several_tenants_the_key_selects_one(mock: BackgroundMock) -> None:
    clock = f"{mock.url}/_mock/clock"
    assert httpx.get(clock).status_code == 200
    guest = Guest(mock)
    refused = httpx.get(clock)
    assert (refused.status_code, "Authorization: Bearer" in refused.json()["error"]) == (400, True)
    assert httpx.get(clock, headers={"Authorization": f"Bearer {mock.api_key}"}).status_code == 200
    assert httpx.get(f"{mock.url}/_mock/tenants").status_code == 200
    guest.control("DELETE", "/tenants")
    assert httpx.get(clock).status_code == 200


def test_unknown_keys_belong_to_the_main_tenant(mock: BackgroundMock) -> None:
    Guest(mock)
    httpx.post(f"{mock.v1}/streams", headers={"Authorization": "Bearer ovs-of-nobody"})
    assert len(mock.streams) == 1


def test_the_list_shows_no_keys(mock: BackgroundMock) -> None:
    guests = [Guest(mock, clock="frozen", settings={"name": name}, api_key=f"ovs-key-of-{name}") for name in "ab"]
    guests[1].create()
    shown = httpx.get(f"{mock.url}/_mock/tenants")
    assert [(each["name"], each["clock"], each["streams"], each["main"]) for each in shown.json()] == [
        ("a", "frozen", 0, False),
        ("b", "frozen", 1, False),
        ("", "running", 0, True),
    ]
    assert "ovs-" not in shown.text


WRONG = [
    ({"settings": {"tll_seconds": 3}}, "settings.tll_seconds: there is no such setting; did you mean ttl_seconds?"),
    ({"settings": {"zzz": 3}}, "settings.zzz: there is no such setting; expected seed, name, ttl_seconds"),
    ({"settings": {"ttl_seconds": "3"}}, "settings.ttl_seconds: Input should be a valid integer"),
    ({"settings": {"ttl_seconds": 0}}, "settings.ttl_seconds=0: expected a whole number above zero"),
    ({"settings": {"strict_keys": 1}}, "settings.strict_keys: Input should be a valid boolean"),
    ({"settings": {"idle_after_seconds": True}}, "settings.idle_after_seconds: Input should be a valid number"),
    ({"settings": {"api_keys": "ovs-a"}}, "settings.api_keys"),
    ({"clock": "forzen"}, "clock: Input should be 'running' or 'frozen'"),
    ({"clock": "real"}, "clock: Input should be 'running' or 'frozen'"),
    ({"api_key": "my key"}, "A key begins with ovs- or ovs_"),
    ({"apikey": "ovs-a"}, "apikey: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("asked", "why"), WRONG)
def test_invalid_bodies_are_errors_with_a_reason(mock: BackgroundMock, asked: dict[str, Any], why: str) -> None:
    answer = httpx.post(f"{mock.url}/_mock/tenants", json=asked)
    assert answer.status_code == 422
    assert why in answer.json()["error"]
    assert len(httpx.get(f"{mock.url}/_mock/tenants").json()) == 1


def test_keys_that_are_taken_are_conflicts(mock: BackgroundMock) -> None:
    Guest(mock, api_key="ovs-taken", settings={"seed": 7, "name": "one"})
    Guest(mock, settings={"seed": 7, "name": "other"})
    for asked in (
        {"api_key": "ovs-taken"},
        {"api_key": mock.api_key},
        {"settings": {"seed": 7, "name": "other"}},
        {"settings": {"api_keys": ["ovs-free", "ovs-taken"]}},
    ):
        answer = httpx.post(f"{mock.url}/_mock/tenants", json=asked)
        assert (answer.status_code, "another tenant has this key" in answer.json()["error"]) == (409, True)
    assert len(httpx.get(f"{mock.url}/_mock/tenants").json()) == 3


def test_a_key_that_is_registered_leads_to_one_tenant(mock: BackgroundMock) -> None:
    one, other = Guest(mock), Guest(mock)
    one.control("POST", "/accounts", {"api_key": "ovs-alice", "credits_cents": 1})
    one.control("POST", "/accounts", {"api_key": "ovs-alice", "credits_cents": 2})
    refused = other.call("POST", "/_mock/accounts", {"api_key": "ovs-alice"})
    assert (refused.status_code, "only this test has" in refused.json()["error"]) == (409, True)
    assert "alice" not in refused.text
    httpx.post(f"{mock.v1}/streams", headers={"Authorization": "Bearer ovs-alice"})
    assert len(one.control("GET", "/streams")) == 1
    main = {"Authorization": f"Bearer {mock.api_key}"}
    body = {"api_key": "ovs-alice"}
    assert httpx.post(f"{mock.url}/_mock/accounts", json=body, headers=main).status_code == 409


def test_there_is_an_end_to_how_many(mock: BackgroundMock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_TENANTS == 1_000
    monkeypatch.setattr("ovs_mock.server.controls.tenants.MAX_TENANTS", 2)
    for _ in range(2):
        Guest(mock)
    answer = httpx.post(f"{mock.url}/_mock/tenants")
    assert (answer.status_code, "close those" in answer.json()["error"]) == (409, True)


def test_every_setting_can_be_given() -> None:
    assert set(NAMES) == {field.name for field in fields(Settings)}


def test_web_pages_open_none(mock: BackgroundMock) -> None:
    page = {"Origin": "https://evil.example"}
    for method in ("GET", "POST", "DELETE"):
        assert httpx.request(method, f"{mock.url}/_mock/tenants", headers=page).status_code == 403
