"""New streams of v0.2: the response for each source."""

from typing import Any

import pytest

from ovs_contracts.client.v02 import VERSION, V02Client, clips, frames_every
from ovs_contracts.client.v02_errors import refused
from ovs_contracts.runner.marks import documented, needs, streams
from ovs_contracts.suite.arranged import model_status
from ovs_contracts.suite.v02.bodies import WITHOUT, changed
from ovs_contracts.suite.v02.offers import OFFER
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.transport.exchange import hold

# One that no other check uses, as its status is changed.
OTHER_MODEL = "Qwen/Qwen3-VL-8B-Instruct"


@documented("v0.2 create: response for native transport; the Python SDK takes no other keys in lease and livekit")
@pytest.mark.parametrize("source", [{"type": "native"}, None, WITHOUT], ids=["named", "null", "absent"])
def test_native_streams_get_a_room(v02: V02Client, source: Any) -> None:
    """A native stream, which is the default, gets a LiveKit room and the version's lease."""
    created = v02.create(changed(frames_every(1.0), source=source)).expect(201)
    shown = created.json
    hold("the keys of livekit", expected={"url", "token"}, seen=set(shown["livekit"] or {}), exchange=created)
    hold("the lease", expected={"ttl_seconds": VERSION.lease_seconds}, seen=shown["lease"], exchange=created)
    others = {name: shown[name] for name in ("webrtc", "turn_servers")}
    hold("what is not native's", expected={"webrtc": None, "turn_servers": None}, seen=others, exchange=created)
    assert shown["livekit"]["url"].startswith(("ws://", "wss://"))
    assert shown["livekit"]["token"].count(".") == 2, "the token is a JSON web token"


@documented("v0.2 create: processing")
@pytest.mark.parametrize("body", [clips(), frames_every(1.0)], ids=["clip", "frame"])
def test_modes_may_be_left_out(v02: V02Client, body: dict[str, Any]) -> None:
    """Only processing and inference are required."""
    v02.create(changed(body, mode=WITHOUT, source=WITHOUT)).expect(201)


@documented("v0.2 create: source livekit; null where not theirs")
@streams(2)
def test_a_room_of_the_users_own(v02: V02Client) -> None:
    """A stream from the user's own LiveKit room gets no other room, and no token from keepalives."""
    room = v02.create().expect(201).json["livekit"]
    created = v02.create(changed(frames_every(1.0), source={"type": "livekit", **room})).expect(201)
    shown = {name: created.json[name] for name in ("livekit", "webrtc")}
    hold("the transport fields", expected={"livekit": None, "webrtc": None}, seen=shown, exchange=created)
    kept = v02.keepalive(created.json["stream_id"]).expect(200)
    hold("livekit_token", expected=None, seen=kept.json["livekit_token"], exchange=kept)
    info = v02.info(created.json["stream_id"]).expect(200)
    hold("source_type", expected="livekit", seen=info.json["source_type"], exchange=info)
    refused(v02.spectate(created.json["stream_id"]), 400)


@documented("v0.2 create: source webrtc, and its older spelling; the JavaScript SDK waits for no candidates")
@needs(Capability.WEBRTC)
@pytest.mark.parametrize(
    "parts",
    [
        {"source": {"type": "webrtc", "sdp": OFFER}},
        {"source": WITHOUT, "webrtc": {"type": "offer", "sdp": OFFER}},
    ],
    ids=["source", "top level"],
)
def test_offers_are_answered(v02: V02Client, parts: dict[str, Any]) -> None:
    """A WebRTC offer gets an SDP answer with the server's candidates, and TURN servers."""
    created = v02.create(changed(frames_every(1.0), **parts)).expect(201)
    shown = created.json
    hold("livekit", expected=None, seen=shown["livekit"], exchange=created)
    hold("the answer's type", expected="answer", seen=(shown["webrtc"] or {}).get("type"), exchange=created)
    lines = shown["webrtc"]["sdp"].splitlines()
    for start in ("v=0", "m=video", "a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=candidate:"):
        assert any(line.startswith(start) for line in lines), f"the answer has a line {start}…"
    hold("turn_servers", expected=True, seen=bool(shown["turn_servers"]), exchange=created)
    for server in shown["turn_servers"]:
        assert set(server) == {"urls", "username", "credential"}
        assert all(isinstance(value, str) for value in server.values())
    info = v02.info(shown["stream_id"]).expect(200)
    hold("source_type", expected="webrtc", seen=info.json["source_type"], exchange=info)
    refused(v02.spectate(shown["stream_id"]), 400)


@documented("v0.2 create: unknown fields are tolerated at the top level; client.request_id")
@pytest.mark.parametrize("client", [None, {"request_id": None}, {"request_id": "door-1"}])
def test_unknown_fields_at_the_top_are_tolerated(v02: V02Client, client: Any) -> None:
    """Unknown fields at the top level of the body are ignored, and client is optional."""
    v02.create(changed(frames_every(1.0), client=client, colour="blue")).expect(201)


@documented("v0.2 create: 402 without credits")
@needs(Capability.CONTROL)
def test_no_credits_no_stream(v02: V02Client, controls: Controls) -> None:
    """An account without credits cannot create a stream."""
    controls.open_account(v02.key, credits_cents=0)
    refused(v02.create(), 402)


@documented("v0.2 models: saturated and unavailable models reject new streams, degraded ones do not")
@needs(Capability.CONTROL)
@pytest.mark.parametrize(
    ("status", "ready"), [("ready", True), ("degraded", True), ("saturated", False), ("unavailable", False)]
)
def test_models_that_are_not_ready_take_no_streams(
    v02: V02Client, controls: Controls, status: str, *, ready: bool
) -> None:
    """A model accepts new streams if, and only if, it is listed as ready."""
    with model_status(controls, OTHER_MODEL, status):
        listed = {entry["model"]: entry for entry in v02.models().expect(200).json}
        hold("the entry", expected=(status, ready), seen=(listed[OTHER_MODEL]["status"], listed[OTHER_MODEL]["ready"]))
        created = v02.create(changed(frames_every(1.0), inference={"model": OTHER_MODEL}))
        if ready:
            created.expect(201)
        else:
            # Which status refuses is nowhere said.
            refused(created, *range(400, 600))


@documented("clients of v0.2: some send a routing cookie back")
def test_cookies_that_are_sent_back_change_nothing(v02: V02Client) -> None:
    """The routing cookie of a stream, or an unknown one, may be sent with later requests."""
    created = v02.create().expect(201)
    cookie = created.headers.get("set-cookie", "media-gateway-route=elsewhere").partition(";")[0]
    for sent in (cookie, "media-gateway-route=elsewhere"):
        v02.keepalive(created.json["stream_id"], headers={"Cookie": sent}).expect(200)
