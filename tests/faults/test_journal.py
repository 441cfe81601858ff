"""A fault that is met stands in the journal, so that the timeline of a failed test explains itself."""

from collections.abc import Callable

import httpx
import pytest
from ovs_support.chat import MODEL, ChatCaller
from ovs_support.v02 import Caller, push_frame, results

from ovs_mock import Ovs
from ovs_mock.journal.entries import FaultTriggered


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


def met(ovs: Ovs) -> list[tuple[str, str, int]]:
    """Which faults were met by what, and how often by then."""
    return [(entry.fault_id, entry.on, entry.used) for entry in ovs.journal.by_kind(FaultTriggered)]


def test_a_call_and_how_often(ovs: Ovs, call: Caller) -> None:
    ovs.faults.on("/v0.2/models").status(503).times(2)
    statuses = [call("GET", "/models").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert met(ovs) == [("fault-1", "GET /v0.2/models", 1), ("fault-1", "GET /v0.2/models", 2)]
    # Between the call and what came of it.
    assert [str(entry) for entry in ovs.journal][:4] == [
        "GET /v0.2/models → 503",
        "fault-1 met by GET /v0.2/models, once so far: * /v0.2/models → status 503 (2 times)",
        "GET /v0.2/models → 503",
        "fault-1 met by GET /v0.2/models, 2 times so far: * /v0.2/models → status 503 (2 times)",
    ]


def test_a_fault_that_did_not_fire_has_no_entry(ovs: Ovs, call: Caller) -> None:
    ovs.faults.on("/v0.2/models").after(2).status(503).optional()
    call("GET", "/models")
    assert met(ovs) == []


async def test_sockets_and_their_messages(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    push_frame(ovs, stream_id)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.faults.on_socket(stream_id).silence().times(2)
        ovs.faults.on_socket().close(1012, after_messages=1)
        ovs.play(stream_id, 5, fps=2)
        assert (await socket.rest())[1] == (1012, "")
    on = f"the socket of stream {stream_id}"
    assert met(ovs) == [("fault-1", on, 1), ("fault-1", on, 2), ("fault-2", on, 1)]


def test_frames_that_are_lost_in_a_row_are_one_entry(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    ovs.faults.on_room(stream_id).freeze().between(1, 3)
    ovs.play(stream_id, 5, fps=10)
    on = f"the room of stream {stream_id}"
    # One for each stretch between two results.
    assert met(ovs) == [("fault-1", on, 10), ("fault-1", on, 20)]
    assert [round(entry.until - entry.at, 6) for entry in ovs.journal.by_kind(FaultTriggered)] == [0.9, 0.9]


WITHOUT_A_CALL: list[tuple[Callable[[Ovs], object], str]] = [
    (lambda ovs: ovs.faults.at(5).on_lease().lose(), "the lease of stream {stream}"),
    (lambda ovs: ovs.faults.at(5).on_credits().run_out(), "the account of a key"),
    (lambda ovs: ovs.faults.at(5).on_model(MODEL).unavailable(), MODEL),
    (lambda ovs: ovs.faults.at(5).on_model().saturated(), "{models} models"),
]


@pytest.mark.parametrize(("say", "on"), WITHOUT_A_CALL)
def test_an_immediate_fault_has_an_entry_at_its_time(
    ovs: Ovs, call: Caller, say: Callable[[Ovs], object], on: str
) -> None:
    stream_id = call.stream()
    start = ovs.now()
    say(ovs)
    ovs.advance(10)
    (entry,) = ovs.journal.by_kind(FaultTriggered)
    models = len(ovs.tenant.runtime.engine.state.models.list())
    assert entry.on == on.format(stream=stream_id, models=models)
    assert round(entry.at - start, 6) == 5
    assert ovs.api_key not in str(ovs.journal)


def test_a_question_and_a_streamed_answer(ovs: Ovs) -> None:
    ovs.faults.on_model(MODEL).block()
    ovs.faults.on_chat_stream().truncate(after_chunks=1)
    with ChatCaller(ovs, ovs.v1beta) as caller:
        assert caller.chat("Hm?").status_code == 400
        with pytest.raises(httpx.RemoteProtocolError):
            caller.chat("Hm?", stream=True)
    assert [on for _, on, _ in met(ovs)] == [f"a question to {MODEL}", "the answer to POST /v1beta/chat/completions"]


def test_over_http(ovs: Ovs, call: Caller) -> None:
    ovs.faults.on("GET /v0.2/models").reset()
    with pytest.raises(httpx.TransportError):
        call("GET", "/models")
    (entry,) = httpx.get(f"{ovs.url}/_mock/journal?kind=fault").json()["entries"]
    assert (entry["fault_id"], entry["on"], entry["used"]) == ("fault-1", "GET /v0.2/models", 1)
    assert entry["fault"] == "GET /v0.2/models → connection reset"
