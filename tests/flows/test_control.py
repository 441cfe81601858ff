"""The controls over HTTP, for tests in any language."""

import httpx
import pytest
from ovs_support.v02 import Caller, push_frame

from ovs_mock import BackgroundMock, Ovs, Settings


def post(mock: Ovs, path: str, json: object = None, **headers: str) -> httpx.Response:
    return httpx.post(f"{mock.url}/_mock{path}", json=json, headers=headers)


def test_moving_the_clock_returns_the_events(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream(processing={"interval_seconds": 20})
    push_frame(ovs, stream_id)
    answer = post(ovs, "/clock/advance", {"seconds": 46}).json()
    happened = {e["event"]: e for e in answer["events"]}
    assert happened["StreamEnded"]["reason"] == "lease_expired"
    assert happened["StreamEnded"]["charge"] == {"seconds": 45.0, "microcents": 1_500_000}
    assert happened["StreamEnded"]["at"] < answer["now"]
    assert httpx.get(f"{ovs.url}/_mock/clock").json()["now"] >= answer["now"]


def test_the_next_moment_can_be_visited(ovs: Ovs, call: Caller) -> None:
    call.stream()
    (event,) = post(ovs, "/clock/advance-to-next").json()["events"]
    assert event["event"] == "StreamEnded"


def test_streams_are_listed_without_secrets(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream(source={"type": "livekit", "url": "wss://a", "token": "secret"})
    shown = httpx.get(f"{ovs.url}/_mock/streams")
    assert [s["stream_id"] for s in shown.json()] == [stream_id]
    assert "secret" not in shown.text
    assert call.key not in shown.text


@pytest.mark.parametrize(
    "wrong", [None, {}, {"seconds": -1}, {"seconds": "1"}, {"seconds": True}, {"seconds": 1e300}, []]
)
def test_the_error_of_a_wrong_body_lists_the_expected_fields(ovs: Ovs, wrong: object) -> None:
    answer = post(ovs, "/clock/advance", wrong)
    assert (answer.status_code, "seconds" in answer.json()["error"]) == (422, True)


def test_the_real_clock_cannot_be_moved() -> None:
    with BackgroundMock(Settings(seed=1), clock="real") as mock:
        answer = post(mock, "/clock/advance", {"seconds": 1})
        assert (answer.status_code, "cannot be moved" in answer.json()["error"]) == (409, True)


def test_other_hosts_and_origins_get_403(ovs: Ovs) -> None:
    assert post(ovs, "/clock/advance", {"seconds": 1}, Host="evil.example").status_code == 403
    assert post(ovs, "/clock/advance", {"seconds": 1}, Origin="https://evil.example").status_code == 403
