"""Which streams a run has made, whatever a target makes of its answers."""

from typing import Any

import pytest
from ovs_contracts.safety.ledger import StreamLedger
from ovs_contracts.safety.streams import OpenStream
from ovs_support.exchanges import CREATED_V02, KEY, STREAM, Watch, exchange


class Notes:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, stream: OpenStream) -> None:
        self.lines.append(f"made {stream.id}")

    def remove(self, stream_id: str) -> None:
        self.lines.append(f"gone {stream_id}")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v0.2/streams", CREATED_V02),
        ("/v1/streams", {"id": STREAM, "ttl_seconds": 300}),
        ("/v1beta/streams?x=1", {"id": STREAM}),
        ("/v1/streams", {"identifier": STREAM}),
    ],
)
def test_a_new_stream_is_known_however_it_is_called(path: str, answer: dict[str, Any]) -> None:
    ledger = StreamLedger()
    ledger.after(exchange("POST", path, 201, answer))
    (stream,) = ledger.open.values()
    assert (stream.id, stream.key) == (STREAM, KEY)


@pytest.mark.parametrize(
    ("method", "path", "status", "answer"),
    [
        ("POST", "/v0.2/streams", 422, {"error": "validation_error"}),
        ("GET", "/v0.2/streams", 200, {"id": STREAM}),
        ("POST", "/v0.2/streams", 201, b"not JSON"),
        ("POST", "/v0.2/streams", 201, ["a list"]),
        ("POST", "/v0.2/streams/feedback", 200, {"id": STREAM}),
    ],
)
def test_other_answers_make_no_streams(method: str, path: str, status: int, answer: Any) -> None:
    ledger = StreamLedger()
    ledger.after(exchange(method, path, status, answer))
    assert ledger.open == {}


def test_a_stream_is_noted_as_it_comes_and_goes() -> None:
    notes = Notes()
    ledger = StreamLedger(notes)
    ledger.after(exchange("POST", "/v0.2/streams", 201, CREATED_V02))
    ledger.after(exchange("DELETE", f"/v0.2/streams/{STREAM}", 401))
    ledger.after(exchange("DELETE", f"/v0.2/streams/{STREAM}", 503))
    assert notes.lines == [f"made {STREAM}"]
    ledger.after(exchange("DELETE", f"/v0.2/streams/{STREAM}", 204))
    ledger.after(exchange("DELETE", f"/v0.2/streams/{STREAM}", 204))
    assert notes.lines == [f"made {STREAM}", f"gone {STREAM}"]
    assert ledger.open == {}


def test_a_stream_lives_until_its_lease_ends() -> None:
    watch = Watch()
    ledger = StreamLedger(now=watch)
    ledger.after(exchange("POST", "/v0.2/streams", 201, CREATED_V02))
    watch.now += 44
    ledger.after(exchange("POST", f"/v0.2/streams/{STREAM}/keepalive", 200, {"ttl_seconds": 45}))
    watch.now += 44
    assert [stream.id for stream in ledger.alive()] == [STREAM]
    watch.now += 2
    assert ledger.alive() == []
    assert list(ledger.open) == [STREAM], "it is deleted all the same"


def test_a_lease_is_never_taken_for_shorter_than_usual() -> None:
    watch = Watch()
    ledger = StreamLedger(now=watch)
    ledger.after(exchange("POST", "/v0.2/streams", 201, {**CREATED_V02, "lease": {"ttl_seconds": 1}}))
    watch.now += 40
    assert len(ledger.alive()) == 1


@pytest.mark.parametrize(("path", "key"), [("/v1/streams", "ovs-another"), ("/v0.2/streams", KEY)])
def test_a_404_that_others_are_told_ends_nothing(path: str, key: str) -> None:
    ledger = StreamLedger()
    ledger.after(exchange("POST", "/v1beta/streams", 201, {"id": STREAM}))
    ledger.after(exchange("DELETE", f"{path}/{STREAM}", 404, key=key))
    assert list(ledger.open) == [STREAM]
    ledger.after(exchange("DELETE", f"/v1/streams/{STREAM}", 200))
    assert ledger.open == {}
