"""The journal over HTTP, for tests in other languages."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from types import UnionType
from typing import Any, get_args

import httpx
import pytest
from ovs_support.chat import ChatCaller
from ovs_support.v02 import Caller, results

from ovs_mock import Ovs
from ovs_mock.engine.billing import Charge
from ovs_mock.engine.conversation import ToolCall
from ovs_mock.engine.events import CacheUse, ChatFailed, ChatFinished, ChatStarted, Event, StreamEnded
from ovs_mock.engine.inference import Answer, Usage
from ovs_mock.engine.limits import Allowance
from ovs_mock.engine.stream import EndReason
from ovs_mock.journal import encode
from ovs_mock.journal.encode_entries import KINDS, entry_json
from ovs_mock.journal.entries import EngineEvent, Entry, Request
from ovs_mock.journal.journal import Journal


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


def journal(ovs: Ovs, query: str = "") -> dict[str, Any]:
    answer = httpx.get(f"{ovs.url}/_mock/journal{query}")
    assert answer.status_code == 200, answer.text
    reply: dict[str, Any] = answer.json()
    return reply


async def test_a_session_in_order_as_json(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    async with results(ovs, stream_id):
        ovs.wait_for_watchers(stream_id)
        ovs.play(stream_id, 2, fps=5)
        call("DELETE", f"/streams/{stream_id}")
        ovs.advance(1)
    reply = journal(ovs)
    numbers = [entry["number"] for entry in reply["entries"]]
    assert numbers == list(range(1, reply["last"] + 1))
    assert (reply["more"], reply["forgotten"]) == (False, 0)
    assert [entry["at"] for entry in reply["entries"]] == sorted(entry["at"] for entry in reply["entries"])
    kinds = {entry["kind"] for entry in reply["entries"]}
    assert kinds == {"request", "event", "socket_opened", "socket_message", "socket_closed", "frames"}
    assert reply["entries"][0]["answer_headers"]
    assert json.loads(reply["entries"][0]["answer"])["stream_id"] == stream_id


def test_secrets_are_hidden(ovs: Ovs, call: Caller) -> None:
    call.stream(source={"type": "livekit", "url": "wss://a", "token": "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"})
    httpx.post(ovs.v1 + "/streams", params={"key": ovs.api_key}, headers={"Authorization": f"Bearer {ovs.api_key}"})
    secret = "ovs-live-aaaabbbbcccc"
    call("PATCH", f"/streams/{ovs.streams[0].id}/config/prompt", {"prompt": f"my key is {secret}"})
    text = json.dumps(journal(ovs))
    assert "my key is ovs-***" in text
    for hidden in (ovs.api_key, "eyJ", secret):
        assert hidden not in text


class TestFilters:
    @pytest.fixture(autouse=True)
    def _two_streams(self, ovs: Ovs, call: Caller) -> None:
        self.first, self.second = call.stream(), call.stream()
        call("POST", f"/streams/{self.first}/keepalive")
        call("POST", "/streams/nobody/keepalive")
        call("DELETE", f"/streams/{self.second}")

    def texts(self, ovs: Ovs, query: str) -> list[str]:
        return [entry["says"] for entry in journal(ovs, query)["entries"]]

    def test_by_method_path_and_status(self, ovs: Ovs) -> None:
        assert len(self.texts(ovs, "?method=post")) == 4
        assert self.texts(ovs, "?path=/v0.2/streams/*/keepalive&status=404") == [
            "POST /v0.2/streams/nobody/keepalive → 404"
        ]

    def test_by_kind_and_event(self, ovs: Ovs) -> None:
        assert len(self.texts(ovs, "?kind=event&event=StreamCreated")) == 2
        assert self.texts(ovs, "?kind=socket_opened") == []

    def test_by_stream(self, ovs: Ovs) -> None:
        reply = journal(ovs, f"?stream_id={self.second}")["entries"]
        assert [entry["kind"] for entry in reply] == ["event", "request", "event"]

    def test_entries_after_a_number_up_to_a_limit(self, ovs: Ovs) -> None:
        first = journal(ovs, "?kind=request&limit=2")
        assert (len(first["entries"]), first["more"]) == (2, True)
        rest = journal(ovs, f"?kind=request&after={first['entries'][-1]['number']}")
        assert (len(rest["entries"]), rest["more"]) == (3, False)
        assert journal(ovs, f"?after={first['last']}")["entries"] == []

    @pytest.mark.parametrize(
        ("query", "why"),
        [
            ("?methd=POST", "there is no filter 'methd': did you mean method?"),
            ("?kind=requests", "there is no kind 'requests': did you mean request?"),
            ("?kind=zzz", "there is no kind 'zzz': expected request, socket_opened"),
            ("?after=-1", "after='-1': expected a whole number from 0"),
            ("?limit=0", "limit='0': expected a whole number from 1 to 10000"),
            ("?limit=" + "9" * 5000, "expected a whole number from 1 to 10000"),
            ("?status=x", "status='x': expected a whole number from 100 to 599"),
        ],
    )
    def test_wrong_queries_are_named(self, ovs: Ovs, query: str, why: str) -> None:
        answer = httpx.get(f"{ovs.url}/_mock/journal{query}")
        assert answer.status_code == 422
        assert why in answer.json()["error"]


def test_numbers_go_on_when_the_oldest_entries_are_dropped_and_after_a_reset() -> None:
    journal = Journal(limit=3)
    for number in range(5):
        journal.write(Request(float(number), "GET", f"/{number}", {}, {}))
    assert [(number, getattr(entry, "path", "")) for number, entry in journal.numbered()] == [
        (3, "/2"),
        (4, "/3"),
        (5, "/4"),
    ]
    assert [number for number, _ in journal.numbered(4)] == [5]
    assert journal.numbered(9) == []
    journal.clear()
    assert (journal.last_number, journal.dropped) == (5, 0)
    journal.write(Request(9.0, "GET", "/9", {}, {}))
    assert [number for number, _ in journal.numbered(4)] == [6]


async def test_a_response_has_a_maximum_size(ovs: Ovs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ovs_mock.server.controls.journal.MAX_BODIES", 100)
    with ChatCaller(ovs, ovs.v1beta) as caller:
        for _ in range(3):
            caller.chat("Say a word.")
    reply = journal(ovs, "?kind=request")
    assert (len(reply["entries"]), reply["more"]) == (1, True)


def test_every_kind_of_entry_has_a_name() -> None:
    assert isinstance(Entry, UnionType)
    assert set(get_args(Entry)) == set(KINDS.values())


EVENTS: list[Event] = [
    ChatStarted(0, "chat", "m", 1, CacheUse("thread", 3), Allowance(10, 9, 1_000_000), None),
    ChatFinished(
        0,
        "chat",
        (Answer(text="hm", tool_calls=(ToolCall("id", "look", "{}"),)),),
        Usage(prompt_tokens=1),
        CacheUse(),
        5,
    ),
    ChatFailed(0, "chat", "m", Answer(error="no")),
    StreamEnded(0, "s", EndReason.LEASE_EXPIRED, Charge(0, 0)),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_events_of_chats_and_streams_are_json(event: Event) -> None:
    reply = json.loads(json.dumps(encode.event_json(event)))
    assert set(reply) == {"event", *(field.name for field in fields(event))}
    entry = json.loads(json.dumps(entry_json(1, EngineEvent(0.0, event))))
    assert (entry["kind"], entry["event"]) == ("event", type(event).__name__)


def test_advance_returns_the_end_of_a_chat(ovs: Ovs) -> None:
    """An advance that finished a chat once answered with a 500."""
    ovs.model.reply("late")
    ovs.model.latency(2)
    with ChatCaller(ovs, ovs.v1beta) as caller, ThreadPoolExecutor(1) as threads:
        chat = threads.submit(caller.chat, "Hm?")
        ovs.wait_until(lambda: len(ovs.journal) > 1)
        moved = httpx.post(f"{ovs.url}/_mock/clock/advance", json={"seconds": 3})
        assert chat.result().status_code == 200
    (finished,) = [event for event in moved.json()["events"] if event["event"] == "ChatFinished"]
    assert finished["answers"] == [{"ok": True, "text": "late", "error": None, "finish_reason": "stop"}]
