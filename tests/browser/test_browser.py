"""Clients that live in browsers, unmodified, in a real one: Overshoot's SDK as it is on npm, and LiveKit's client."""

from pathlib import Path

import pytest
from ovs_support.browser import BROWSER, PACKAGES, browsing

from ovs_mock import Ovs

pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed: apt-get install chromium, and make browser"),
    pytest.mark.skipif(not PACKAGES.exists(), reason="npm's packages are not there: make browser"),
    pytest.mark.timeout(180),
]


def test_the_javascript_sdk(ovs: Ovs, tmp_path: Path) -> None:
    with browsing(tmp_path, "sdk.html", api=ovs.v02, key=ovs.api_key) as page:
        stream_id = page.hear("started")
        first = page.hear("result")
        assert (first["stream_id"], first["prompt"], first["ok"]) == (stream_id, "What is there?", True)
        # The camera that is none films a green field.
        assert "640x480, green" in first["result"]

        page.go_on()
        assert page.hear("updated")
        while page.hear("result")["prompt"] != "And now?":
            """A result that was under way."""
        page.go_on()
        assert page.hear("stopped")

    # This one closes its connections, and never says that it is done.
    ovs.wait_until(lambda: ovs.stream(stream_id).end_reason == "webrtc_disconnected")
    ovs.journal.assert_requested("PATCH", "/v0.2/streams/*/config/prompt", json={"prompt": "And now?"}, times=1)
    ovs.journal.assert_not_requested("DELETE", "/v0.2/streams/*")


def test_livekit_in_a_browser_and_a_chat_about_what_it_films(ovs: Ovs, tmp_path: Path) -> None:
    with browsing(tmp_path, "livekit.html", api=ovs.v1beta, key=ovs.api_key) as page:
        stream_id = page.hear("published")
        seen = ovs.wait_for_frames(stream_id, 10, timeout=30)
        assert (seen.width, seen.height) == (640, 360)
        page.go_on()
        assert "red" in page.hear("answer")
        assert page.hear("done")
    assert ovs.stream(stream_id).end_reason == "client_requested"
    assert ovs.leaks == []
