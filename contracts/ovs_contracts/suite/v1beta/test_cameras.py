"""Cameras as sources in v1beta."""

from typing import Any

import pytest

from ovs_contracts.client import errors
from ovs_contracts.client.chat import ChatClient
from ovs_contracts.runner.marks import documented, mock_only
from ovs_contracts.transport.exchange import hold

CAMERAS = [("rtsp", "rtsp"), ("rtsp", "rtsps"), ("hls", "http"), ("hls", "https")]
SECRET = "hunter2secret"  # noqa: S105 - looked for in answers
WRONG: dict[str, Any] = {
    "rtsp over http": {"type": "rtsp", "url": f"http://user:{SECRET}@camera.example.com/live"},
    "hls over rtsp": {"type": "hls", "url": f"rtsp://user:{SECRET}@camera.example.com/live.m3u8"},
    "a file": {"type": "hls", "url": f"file:///{SECRET}/live.m3u8"},
    "no scheme": {"type": "rtsp", "url": f"camera.example.com/{SECRET}"},
    "no host": {"type": "rtsp", "url": "rtsp://"},
    "no url": {"type": "rtsp"},
    "no url of a playlist": {"type": "hls"},
    "a url that is no text": {"type": "rtsp", "url": 7},
    "an unknown type": {"type": "carrier-pigeon", "url": f"rtsp://user:{SECRET}@camera.example.com/live"},
    "no type": {"url": f"rtsp://user:{SECRET}@camera.example.com/live"},
    "no object": f"rtsp://user:{SECRET}@camera.example.com/live",
}


@documented("source: rtsp with rtsp:// or rtsps://, hls with http:// or https://; 422 for a wrong one")
@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_invalid_sources(v1beta: ChatClient, source: Any) -> None:
    """An unknown type, a missing URL or one of the wrong scheme is 422, and the URL is not repeated."""
    refused = v1beta.create(body={"source": source}).expect(422)
    hold("the address is not shown", expected=False, seen=SECRET in refused.text)


@documented("source.type is shown, the URL never: it holds credentials")
@pytest.mark.parametrize(("kind", "scheme"), CAMERAS)
def test_camera_urls_are_never_returned(v1beta: ChatClient, kind: str, scheme: str) -> None:
    """The URL of a camera is not in the response, whether the camera can be opened or not."""
    answer = v1beta.create(body={"source": {"type": kind, "url": f"{scheme}://user:{SECRET}@192.0.2.1/live"}})
    answer.expect(201, 422)
    hold("the address is not shown", expected=False, seen=SECRET in answer.text or "192.0.2.1" in answer.text)


@mock_only("the mock takes any camera; production opens it first")
@pytest.mark.parametrize(("kind", "scheme"), CAMERAS)
def test_a_camera(v1beta: ChatClient, kind: str, scheme: str) -> None:
    """A stream of a camera shows the type of its source only and has no place to publish to."""
    url = f"{scheme}://user:{SECRET}@192.0.2.1/live"
    created = v1beta.create(body={"source": {"type": kind, "url": url}}).expect(201)
    stream_id = created.json["id"]
    status, renewed = v1beta.get(stream_id).expect(200), v1beta.keepalive(stream_id).expect(200)
    for answer in (created, status):
        hold("source", expected={"type": kind}, seen=answer.json["source"], exchange=answer)
    for answer in (created, renewed):
        hold("publish", expected=None, seen=answer.json["publish"], exchange=answer)
    for answer in (created, status, renewed, v1beta.viewer_token(stream_id), v1beta.delete(stream_id)):
        hold("the address is not shown", expected=False, seen=SECRET in answer.expect(200, 201).text)


@documented("v1beta: 201 {…, source: {type}, publish}; last_pull is null for published streams")
def test_a_published_stream_has_no_last_pull(v1beta: ChatClient) -> None:
    """A published stream has the type of its source, a place to publish to, and no last_pull."""
    created = v1beta.create().expect(201)
    hold("keys of source", expected={"type"}, seen=set(created.json["source"]), exchange=created)
    status = v1beta.get(created.json["id"]).expect(200)
    hold("source", expected=created.json["source"], seen=status.json["source"], exchange=status)
    hold("last_pull", expected=None, seen=status.json["last_pull"], exchange=status)


@documented("422 source: {detail: …} or the shape of validation errors")
def test_the_form_of_a_wrong_source(v1beta: ChatClient) -> None:
    """An invalid source is reported at the location body, source."""
    places = errors.invalid(v1beta.create(body={"source": WRONG["no url"]}))
    hold("the place", expected=[["body", "source"]], seen=[place[:2] for place in places])
