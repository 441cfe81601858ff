"""Regions: ``X-Overshoot-Region``."""

from collections.abc import Callable

import pytest

from ovs_contracts.client.chat import ChatClient, frame_of
from ovs_contracts.documents.versions import version
from ovs_contracts.runner.marks import costs, documented, mock_only, streams
from ovs_contracts.transport.exchange import Exchange, hold

HEADER = "X-Overshoot-Region"
REGIONS = version("v1beta").regions
UNKNOWN = "00000000-0000-4000-8000-000000000000"
OF_ONE_STREAM: dict[str, Callable[..., Exchange]] = {
    "GET": lambda chat, stream_id, **more: chat.get(stream_id, **more),
    "keepalive": lambda chat, stream_id, **more: chat.keepalive(stream_id, **more),
    "viewer token": lambda chat, stream_id, **more: chat.viewer_token(stream_id, **more),
    "DELETE": lambda chat, stream_id, **more: chat.delete(stream_id, **more),
    "chat": lambda chat, stream_id, **more: chat.ask(frame_of(stream_id), **more),
}


@documented("every response carries X-Overshoot-Region")
@costs(0.1)
def test_every_answer_says_its_region(v1beta: ChatClient) -> None:
    """Every response, including errors and event streams, names the region that served it."""
    stream_id = v1beta.stream()
    for answer in (
        v1beta.models(),
        v1beta.get(stream_id),
        v1beta.keepalive(stream_id),
        v1beta.viewer_token(stream_id),
        v1beta.ask(),
        v1beta.ask(fields={"stream": True}),
        v1beta.get(stream_id, key=None).expect(401),
        v1beta.get(UNKNOWN).expect(404),
        v1beta.get("no-uuid").expect(422),
        v1beta.complete({}).expect(422),
        v1beta.ask(frame_of(UNKNOWN)).expect(404),
        v1beta.delete(stream_id),
    ):
        _region(answer)


@documented("the request header X-Overshoot-Region is an optional hint")
@pytest.mark.parametrize("region", REGIONS)
def test_a_hint_is_accepted(v1beta: ChatClient, region: str) -> None:
    """A stream may be created with either region as a hint; its later responses name the same region."""
    created = v1beta.create(headers={HEADER: region}).expect(201)
    served = _region(created)
    again = v1beta.get(created.json["id"], headers={HEADER: served}).expect(200)
    hold("the region of its status", expected=served, seen=_region(again), exchange=again)


@mock_only("a hint need not be followed")
@pytest.mark.parametrize("region", REGIONS)
def test_a_hint_is_followed(v1beta: ChatClient, region: str) -> None:
    """A stream is created in the hinted region, and later responses come from there."""
    created = v1beta.create(headers={HEADER: region}).expect(201)
    stream_id = created.json["id"]
    regions = [_region(answer) for answer in (created, v1beta.get(stream_id), v1beta.keepalive(stream_id))]
    hold("the region that serves", expected=[region] * 3, seen=regions)


@documented("wrong region: 409 {detail: {error: region_error, expected_region, requested_region}}")
@pytest.mark.parametrize("send", OF_ONE_STREAM.values(), ids=OF_ONE_STREAM)
def test_the_wrong_region(v1beta: ChatClient, send: Callable[..., Exchange]) -> None:
    """A request for another region than the stream's is 409 with both regions, and changes nothing."""
    created = v1beta.create().expect(201)
    stream_id, served = created.json["id"], _region(created)
    other = next(region for region in REGIONS if region != served)
    answer = send(v1beta, stream_id, headers={HEADER: other}).expect(409)
    error = {"error": "region_error", "expected_region": served, "requested_region": other}
    hold("the error", expected={"detail": error}, seen=answer.json, exchange=answer)
    hold("state", expected="active", seen=v1beta.status(stream_id)["state"])


@documented("one completion cannot reference streams of several regions (409)")
@streams(2)
def test_streams_of_two_regions_in_one_chat(v1beta: ChatClient) -> None:
    """A completion that refers to streams of two regions is 409."""
    created = [v1beta.create(headers={HEADER: region}).expect(201) for region in REGIONS]
    if len({_region(answer) for answer in created}) < 2:
        pytest.skip("both streams were served in one region")
    v1beta.ask(*(frame_of(answer.json["id"]) for answer in created)).expect(409)


@mock_only("no document says what becomes of a region that is not there")
def test_an_unknown_region(v1beta: ChatClient) -> None:
    """An unknown region fails validation."""
    v1beta.create(headers={HEADER: "eu-north9"}).expect(422)


def _region(answer: Exchange) -> str:
    region = answer.headers.get(HEADER.lower())
    assert region in REGIONS, f"{HEADER} of {answer.call.method} {answer.call.path} is {region!r}"
    return region
