"""A tenant that begins again: for suites that keep one."""

import threading
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
import pytest
from ovs_support.v02 import Caller, results

from ovs_mock import BackgroundMock, BackgroundPublisher, Ovs, Settings

ASKED = {"model": "Qwen/Qwen3.5-9B", "messages": [{"role": "user", "content": "Hm?"}]}


@pytest.fixture
def mock() -> Iterator[BackgroundMock]:
    with BackgroundMock(Settings(seed=1, chats_per_second=5), clock="frozen") as mock:
        yield mock


def control(mock: Ovs, method: str, path: str, body: Any = None) -> Any:
    answer = httpx.request(method, f"{mock.url}/_mock{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_nothing_is_left(mock: BackgroundMock) -> None:
    with Caller(mock) as call:
        first = call.stream()
        mock.play(first, 3)
        mock.advance(20)
        call("POST", f"/streams/{first}/keepalive")
        control(mock, "POST", "/model/replies", {"reply": {"text": "hm"}})
        control(mock, "POST", "/faults", {"on": "*", "do": "status", "with": {"status": 503}, "always": True})
        control(mock, "POST", "/draining", {"draining": True})
        control(mock, "POST", "/limits", {"chats_per_second": 1})
        control(mock, "POST", "/models", {"model": ASKED["model"], "status": "unavailable"})
        control(mock, "POST", "/accounts", {"api_key": mock.api_key, "credits_cents": 0})
        before = mock.now()
        verdict = control(mock, "POST", "/reset")
        assert [leak["stream_id"] for leak in verdict["leaks"]] == [first]
        assert control(mock, "GET", "/streams") == control(mock, "GET", "/faults") == []
        assert control(mock, "GET", "/journal")["entries"] == []
        assert control(mock, "GET", "/verdict")["clean"]
        assert mock.now() == before
        # The key is the same, and has what it had in the beginning.
        assert (mock.balance(), call.key) == (1_000_000_000, mock.api_key)
        assert call("POST", f"/streams/{first}/keepalive").status_code == 404
        chats = [
            httpx.post(f"{mock.v1beta}/chat/completions", json=ASKED, headers={"Authorization": f"Bearer {call.key}"})
            for _ in range(6)
        ]
        assert [chat.status_code for chat in chats] == [200] * 5 + [429]
        assert chats[0].json()["choices"][0]["message"]["content"] != "hm"
        assert call.stream() != first


def test_the_nth_beginning_is_the_same_in_every_run() -> None:
    ids: list[list[str]] = []
    for _ in range(2):
        with BackgroundMock(Settings(seed=3)) as mock, Caller(mock) as call:
            made = []
            for _ in range(3):
                made.append(call.stream())
                mock.reset()
            ids.append(made)
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


async def test_who_watches_is_parted_from(mock: BackgroundMock) -> None:
    with Caller(mock) as call:
        stream_id = call.stream()
        async with results(mock, stream_id) as socket:
            mock.wait_for_watchers(stream_id)
            control(mock, "POST", "/reset")
            assert (await socket.closed())[0] == aiohttp.WSCloseCode.GOING_AWAY


def test_publishers_are_sent_away_and_others_may_come(mock: BackgroundMock) -> None:
    pytest.importorskip("livekit.rtc", reason="the extra 'publish' is not installed")
    with Caller(mock) as call:
        for _ in range(2):
            created = call.create()
            with BackgroundPublisher(created["livekit"]["url"], created["livekit"]["token"]) as publisher:
                publisher.publish_generated(320, 240)
                assert mock.wait_for_frames(created["stream_id"], 5).frames_received >= 5
                mock.reset()
    assert mock.streams == []
    assert mock.failures == []


def test_a_pending_chat_gets_an_error(mock: BackgroundMock) -> None:
    mock.model.latency(60)
    headers = {"Authorization": f"Bearer {mock.api_key}"}
    answers: list[int] = []

    def ask() -> None:
        answers.append(httpx.post(f"{mock.v1beta}/chat/completions", json=ASKED, headers=headers).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    mock.wait_until(lambda: bool(mock.tenant.model.questions) or len(mock.journal) > 1)
    mock.reset()
    asking.join(10)
    assert answers == [503]
    assert mock.failures == []


def test_a_script_cannot_wait_for_itself(mock: BackgroundMock) -> None:
    def restless(question: object) -> str:
        mock.reset()
        return "never said"

    mock.model.reply(restless, times=1)
    with Caller(mock) as call:
        mock.play(call.stream(), 1)
    (failure,) = mock.consume_failures()
    assert str(failure).startswith("a scripted reply reset the mock, which waits for that very reply")


def test_listeners_stay_after_a_reset(mock: BackgroundMock) -> None:
    told: list[str] = []
    mock.tenant.subscribe(lambda event: told.append(type(event).__name__))
    mock.reset()
    with Caller(mock) as call:
        call.stream()
    assert told == ["StreamCreated"]


def test_a_fault_after_the_new_beginning_is_met(mock: BackgroundMock) -> None:
    mock.faults.on("/v0.2/models").status(503)
    mock.reset()
    assert mock.faults.unused == []
    mock.faults.on("/v0.2/models").status(402)
    with Caller(mock) as call:
        assert [call("GET", "/models").status_code for _ in range(2)] == [402, 200]
