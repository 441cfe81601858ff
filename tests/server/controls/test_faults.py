"""Faults over HTTP, for tests in other languages."""

from typing import Any

import httpx
import pytest

from ovs_mock import Ovs


@pytest.fixture
def ovs_clock() -> str:
    return "frozen"


def post(ovs: Ovs, **fault: Any) -> httpx.Response:
    return httpx.post(f"{ovs.url}/_mock/faults", json=fault)


def create(ovs: Ovs) -> int:
    return httpx.post(ovs.v1 + "/streams", headers={"Authorization": f"Bearer {ovs.api_key}"}).status_code


def test_set_counted_and_forgotten(ovs: Ovs) -> None:
    assert httpx.get(f"{ovs.url}/_mock/faults").json() == []
    made = post(ovs, on="POST /v1/streams", do="status", **{"with": {"status": 503}}, times=3, version="v1")
    says = "POST /v1/streams of v1 → status 503 (3 times)"
    assert made.json() == {"id": "fault-1", "says": says, "used": 0, "expected": 3}
    assert [create(ovs), create(ovs)] == [503, 503]
    assert [fault["used"] for fault in httpx.get(f"{ovs.url}/_mock/faults").json()] == [2]
    assert httpx.delete(f"{ovs.url}/_mock/faults/fault-1").json()["used"] == 2
    assert create(ovs) == 201
    assert httpx.delete(f"{ovs.url}/_mock/faults/fault-1").status_code == 404
    post(ovs, on="room", do="leave", **{"with": {"action": "resume"}}, optional=True)
    assert httpx.delete(f"{ovs.url}/_mock/faults").json() == {}
    assert len(ovs.faults) == 0


def test_at_a_moment(ovs: Ovs) -> None:
    assert create(ovs) == 201
    assert post(ovs, on="lease", do="lose", at=5).status_code == 200
    assert post(ovs, on="POST *", do="status", **{"with": {"status": 402}}, between=[6, 8]).status_code == 200
    ovs.advance(5)
    assert not ovs.streams[0].running
    ovs.advance(1)
    assert [create(ovs), create(ovs)] == [402, 402]


WRONG = [
    ({"on": "socke", "do": "close"}, "on: 'socke': expected a call such as"),
    ({"on": "socket", "do": "status"}, "do: 'status' does not go with on 'socket'; expected close, drop, duplicate"),
    ({"on": "socket", "do": "close", "with": {"code": "1011"}}, "with: code: Input should be a valid integer"),
    ({"on": "socket", "do": "close", "with": {"cod": 1011}}, "with: cod: Unexpected keyword argument"),
    ({"on": "/x", "do": "delay"}, "with: seconds: Missing required argument"),
    ({"on": "/x", "do": "reset", "model": "m"}, "model: does not go with on '/x'"),
    ({"on": "/x", "do": "reset", "times": 0}, "times(0): expected a whole number"),
    ({"on": "/x", "do": "_set"}, "do: '_set' does not go with"),
    ({"on": "/x", "do": "reset", "tims": 1}, "tims: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("asked", "why"), WRONG)
def test_invalid_bodies_are_errors_with_a_reason(ovs: Ovs, asked: dict[str, Any], why: str) -> None:
    answer = post(ovs, **asked)
    assert answer.status_code == 422
    assert why in answer.json()["error"]


def test_web_pages_set_none(ovs: Ovs) -> None:
    page = {"Origin": "https://evil.example"}
    assert httpx.post(f"{ovs.url}/_mock/faults", json={}, headers=page).status_code == 403
