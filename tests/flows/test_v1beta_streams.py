"""What streams of v1beta have beyond v1's: regions, viewers, cameras."""

from typing import Any

import jwt
import pytest
from ovs_support.chat import NOBODYS, ChatCaller, detail, frame_url, places

from ovs_mock import Ovs

REGION = "X-Overshoot-Region"
CAMERA = {"source": {"type": "rtsp", "url": "rtsp://user:secret@127.0.0.1/1"}}


class TestTelemetry:
    def test_it_shows_the_source_and_zero_before_the_first_frame(self, v1beta: ChatCaller) -> None:
        shown = v1beta.status(v1beta.stream())
        assert shown["stream_time_ms"] == 0
        assert shown["source"] == {"type": "livekit"}
        assert shown["last_pull"] is None
        assert shown["first_frame_at_ms"] is None

    def test_an_ended_stream_expires_no_more(self, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream(frames=1)
        v1beta("DELETE", f"/streams/{stream_id}")
        assert v1beta.status(stream_id)["expires_at_ms"] is None


class TestRegions:
    def test_a_stream_lives_where_it_was_wished_for(self, v1beta: ChatCaller) -> None:
        created = v1beta("POST", "/streams", headers={REGION: "us-central1"})
        assert created.headers[REGION] == "us-central1"
        path = f"/streams/{created.json()['id']}"
        assert v1beta("GET", path).headers[REGION] == "us-central1"
        assert v1beta("GET", path, headers={REGION: "us-central1"}).status_code == 200
        for method, rest in (("GET", ""), ("POST", "/keepalive"), ("POST", "/viewer-token"), ("DELETE", "")):
            wrong = v1beta(method, path + rest, headers={REGION: "us-west1"})
            assert (wrong.status_code, wrong.headers[REGION]) == (409, "us-central1")
            assert wrong.json() == {
                "detail": {
                    "error": "region_error",
                    "expected_region": "us-central1",
                    "requested_region": "us-west1",
                }
            }

    def test_every_response_has_its_region(self, v1beta: ChatCaller) -> None:
        answers = [
            v1beta("POST", "/streams"),
            v1beta("GET", "/models"),
            v1beta("GET", "/nothing"),
            v1beta("GET", "/streams/x"),
            v1beta.chat("hi"),
            v1beta.chat("hi", n=0),
        ]
        assert [answer.headers[REGION] for answer in answers] == ["us-west1"] * len(answers)
        assert v1beta("GET", "/models", headers={REGION: "us-central1"}).headers[REGION] == "us-central1"

    @pytest.mark.parametrize(("method", "path"), [("POST", "/streams"), ("GET", "/models"), ("GET", "/streams/x")])
    def test_other_regions_are_none(self, v1beta: ChatCaller, method: str, path: str) -> None:
        wrong = v1beta(method, path, headers={REGION: "mars"})
        assert places(wrong) == [["header", "x-overshoot-region"]]

    def test_a_chat_is_about_one_region(self, v1beta: ChatCaller) -> None:
        west, central = (
            v1beta("POST", "/streams", headers={REGION: region}).json()["id"] for region in ("us-west1", "us-central1")
        )
        both = v1beta.chat(frame_url(west, "offset_ms=0"), frame_url(central, "offset_ms=0"))
        assert both.status_code == 409
        headers = {REGION: "us-west1"}
        body = {"model": "gpt-5.4", "messages": [{"role": "user", "content": [frame_url(central)]}]}
        refused = v1beta("POST", "/chat/completions", body, headers=headers)
        assert refused.json()["detail"]["error"] == "region_error"

    def test_v1_has_none(self, v1: ChatCaller) -> None:
        assert REGION not in v1("POST", "/streams", headers={REGION: "mars"}).headers


class TestViewers:
    def test_a_viewer_may_watch_and_not_publish(self, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream()
        views = [v1beta("POST", f"/streams/{stream_id}/viewer-token").json() for _ in range(2)]
        assert set(views[0]) == {"id", "view"}
        assert set(views[0]["view"]) == {"type", "url", "token", "expires_in_seconds"}
        assert views[0]["view"]["expires_in_seconds"] == 300
        one, other = (jwt.decode(v["view"]["token"], options={"verify_signature": False}) for v in views)
        assert one["sub"] != other["sub"]
        assert (one["video"]["canPublish"], one["video"]["canSubscribe"]) == (False, True)

    def test_only_the_owner_of_a_running_stream_gets_a_token(self, v1beta: ChatCaller) -> None:
        stream_id = v1beta.stream()
        other = v1beta.with_key("ovs-mallory")
        assert detail(other("POST", f"/streams/{stream_id}/viewer-token"))[0] == 404
        assert detail(v1beta("POST", f"/streams/{NOBODYS}/viewer-token"))[0] == 404
        v1beta("DELETE", f"/streams/{stream_id}")
        assert detail(v1beta("POST", f"/streams/{stream_id}/viewer-token"))[0] == 404

    def test_v1_has_none(self, v1: ChatCaller) -> None:
        assert detail(v1("POST", f"/streams/{v1.stream()}/viewer-token"))[0] == 404


class TestCameras:
    def test_a_camera_is_pulled_and_not_published(self, v1beta: ChatCaller) -> None:
        created = v1beta("POST", "/streams", CAMERA)
        shown = created.json()
        assert created.status_code == 201
        assert (shown["source"], shown["publish"]) == ({"type": "rtsp"}, None)
        kept = v1beta("POST", f"/streams/{shown['id']}/keepalive").json()
        assert kept["publish"] is None
        assert v1beta.status(shown["id"])["source"] == {"type": "rtsp"}

    def test_its_url_is_hidden(self, ovs: Ovs, v1beta: ChatCaller) -> None:
        stream_id = v1beta.create(CAMERA)["id"]
        for method, path in (("GET", ""), ("POST", "/keepalive"), ("DELETE", "")):
            assert "secret" not in v1beta(method, f"/streams/{stream_id}{path}").text
        assert "secret" not in v1beta.other(ovs.url)("GET", "/_mock/streams").text

    @pytest.mark.parametrize(
        "body", [{"source": {"type": "rtsp", "url": "ftp://secret"}}, {"source": {"type": "tape"}}, [], {"source": 1}]
    )
    def test_other_sources_fail_validation(self, v1beta: ChatCaller, body: Any) -> None:
        refused = v1beta("POST", "/streams", body)
        assert all(place[0] == "body" for place in places(refused))
        assert "secret" not in refused.text

    def test_malformed_json_fails_validation(self, v1beta: ChatCaller) -> None:
        assert places(v1beta("POST", "/streams", content=b'{"source"')) == [["body", 9]]
