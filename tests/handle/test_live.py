"""The handle on a server that is no mock."""

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from ovs_mock import LeakKind, LiveHandle, Ovs, StreamOverError

STREAM = "6b1f6a60-3c3c-4f0b-8a8f-3d1e7f8f5a11"


class Relay:
    """Says what a test has put in its mouth."""

    target = "live"
    origin = "https://api.overshoot.ai"
    url = "http://127.0.0.1:9"
    api_key = "ovs-stand-in"

    def __init__(self) -> None:
        self.report: dict[str, Any] = {"entries": [], "open": [], "cents": 0.0, "refusals": []}
        self.version: str | None = "v1"
        self.statuses: list[dict[str, Any] | None] = [{}]
        self.orders: list[str] = []

    def request(self, do: str, **more: Any) -> dict[str, Any]:
        self.orders.append(do)
        match do:
            case "report":
                return self.report
            case "status":
                body = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
                return {"version": self.version, "status": 404 if body is None else 200, "body": body}
            case _:
                return {"left": []}


class SkippedError(Exception):
    """Instead of pytest's."""


def skip(reason: str) -> NoReturn:
    raise SkippedError(reason)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def live(relay: Relay) -> Iterator[LiveHandle]:
    live = LiveHandle(relay, skip)
    yield live
    live.close()


def test_all_that_the_mock_has_is_there_or_skips(live: LiveHandle) -> None:
    names = {name for name in dir(Ovs) if not name.startswith("_")}
    # What goes by the URL alone.
    as_they_are = {"respx_router", "v02", "v1", "v1beta", "billing"}
    assert names - set(vars(LiveHandle)) - as_they_are == set()


@pytest.mark.parametrize("name", ["advance", "model", "faults", "play", "set_credits", "tenant"])
def test_what_only_the_mock_can_do_skips(live: LiveHandle, name: str) -> None:
    with pytest.raises(SkippedError, match=rf"ovs\.{name} needs .*; the target is live"):
        getattr(live, name)


def test_addresses_are_those_of_the_relay(live: LiveHandle) -> None:
    assert live.target == "live"
    assert [live.v02, live.v1, live.v1beta, live.billing] == [
        f"http://127.0.0.1:9/{path}" for path in ("v0.2", "v1", "v1beta", "billing")
    ]
    assert live.api_key == "ovs-stand-in"


def test_the_journal_holds_what_the_relay_saw(live: LiveHandle, relay: Relay) -> None:
    call = {
        "kind": "request",
        "at": 1.0,
        "method": "DELETE",
        "path": f"/v1/streams/{STREAM}",
        "query": {},
        "headers": {},
    }
    answer = {"body": "", "status": 200, "answered_at": 1.1, "answer_headers": {}, "answer": "{}"}
    message = {"kind": "socket-message", "at": 1.2, "path": "/v0.2/ws/streams/x", "sent": True, "text": "{}"}
    relay.report["entries"] = [call | answer, message]
    (found,) = live.journal.assert_requested("DELETE", "/v1/streams/*", status=200)
    assert found.answer_json == {}
    assert [message.json for message in live.journal.messages(sent=True)] == [{}]


def test_streams_that_are_open_are_leaks_and_calls_that_cost_are_billed(live: LiveHandle, relay: Relay) -> None:
    assert (live.leaks, live.bill.cents) == ([], 0)
    relay.report |= {"open": [STREAM], "cents": 1.25}
    (leak,) = live.leaks
    assert (leak.kind, leak.stream_id) == (LeakKind.STREAM, STREAM)
    assert live.bill.cents == 1.25


def test_a_stream_is_as_the_server_tells_of_it(live: LiveHandle, relay: Relay) -> None:
    status = {"state": "active", "last_frame_index": 41, "retained_frame_count": 40, "recent_fps": 9.5}
    relay.statuses = [status | {"created_at_ms": 1500, "end_reason": None}]
    stream = live.stream(STREAM)
    assert (stream.running, stream.state, stream.frames_received, stream.frames_retained) == (True, "active", 42, 40)
    assert (stream.fps, stream.created_at, stream.end_reason) == (9.5, 1.5, None)
    for name in ("charged_microcents", "width", "watchers"):
        with pytest.raises(SkippedError, match=rf"stream\.{name}: only the mock has it"):
            getattr(stream, name)


def test_v02_tells_of_sizes_and_of_no_numbers(live: LiveHandle, relay: Relay) -> None:
    relay.version = "v0.2"
    shown = {"frame_width": 640, "frame_height": 480, "fps": 15.0, "inferences_completed": 2, "inferences_failed": 1}
    relay.statuses = [shown]
    stream = live.stream(STREAM)
    assert (stream.width, stream.height, stream.fps, stream.frames_received) == (640, 480, 15.0, 1)
    assert (stream.inferences_completed, stream.inferences_failed) == (2, 1)
    with pytest.raises(SkippedError):
        _ = stream.frames_retained


def test_a_stream_that_is_known_no_more_has_ended(live: LiveHandle, relay: Relay) -> None:
    relay.statuses = [None]
    stream = live.stream(STREAM)
    assert (stream.running, stream.state) == (False, "ended")
    for name in ("end_reason", "frames_received", "fps"):
        with pytest.raises(SkippedError, match="no longer knows it"):
            getattr(stream, name)


def test_a_stream_that_these_tests_did_not_make_is_not_known(live: LiveHandle, relay: Relay) -> None:
    relay.version = None
    with pytest.raises(KeyError, match="made by these tests"):
        live.stream(STREAM)


def test_frames_are_waited_for_by_asking(live: LiveHandle, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ovs_mock.handle.live.handle.POLL_INTERVAL", 0)
    active: dict[str, Any] = {"state": "active", "last_frame_index": None}
    relay.statuses = [active, active | {"last_frame_index": 3}, active | {"last_frame_index": 9}]
    assert live.wait_for_frames(STREAM, 10).frames_received == 10
    relay.statuses = [active]
    with pytest.raises(TimeoutError, match="10 frames of stream"):
        live.wait_for_frames(STREAM, 10, timeout=0)
    relay.statuses = [{"state": "ended", "last_frame_index": 3}]
    with pytest.raises(StreamOverError, match="before it had received 10 frames"):
        live.wait_for_frames(STREAM, 10)


async def test_waits_can_be_awaited(live: LiveHandle, relay: Relay) -> None:
    relay.statuses = [{"state": "active", "last_frame_index": 9}]
    assert (await live.aio.wait_for_frames(STREAM, 10)).frames_received == 10
    with pytest.raises(TimeoutError, match="for the door"):
        await live.aio.wait_until(lambda: False, timeout=0, description="the door")
    with pytest.raises(TimeoutError, match="no calls at all"):
        await live.aio.wait_for_request("GET", "/v1/models", timeout=0)
    with pytest.raises(SkippedError, match=r"ovs\.advance needs"):
        await live.aio.advance(1)


def test_what_was_forgotten_is_not_told_again(live: LiveHandle, relay: Relay) -> None:
    opened = {"kind": "socket-opened", "at": 1.0, "path": "/a"}
    relay.report["entries"] = [opened]
    live.journal.clear()
    assert len(live.journal) == 0
    relay.report["entries"] = [opened, opened | {"path": "/b"}]
    ((number, entry),) = live.journal.numbered()
    assert (number, str(entry)) == (2, "WS /b opened")


def test_who_watches_is_seen_by_what_sockets_say(live: LiveHandle, relay: Relay) -> None:
    path = f"/v0.2/ws/streams/{STREAM}"
    opened = {"kind": "socket-opened", "at": 1.0, "path": path}
    said = {"kind": "socket-message", "at": 1.1, "path": path, "sent": False, "text": "{}"}
    result = said | {"sent": True}
    closed = {"kind": "socket-closed", "at": 1.2, "path": path, "code": 1008, "reason": ""}
    relay.report["entries"] = [opened, opened, said, result]
    live.wait_for_watchers(STREAM, 1, timeout=0)
    for entries in ([], [opened], [opened, said, closed], [opened, opened, said, result]):
        relay.report["entries"] = entries
        with pytest.raises(TimeoutError, match="2 sockets of stream"):
            live.wait_for_watchers(STREAM, 2, timeout=0)
