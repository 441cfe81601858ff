"""v1beta: cameras, and tokens to watch."""

from typing import Any

from ovs_mock.engine.stream import CameraSource
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import VIEWER, create, keepalive, status
from ovs_mock.mutants.edits import at, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.requests import as_owner, bodies, refused
from ovs_mock.mutants.responses import on, respond
from ovs_mock.mutants.tokens import Claims, claims

AREA = Area("v1beta/cameras")
WATCHING = Area("v1beta/viewers")
PUBLISH = {"type": "livekit", "url": "ws://127.0.0.1", "token": "none"}
VIEW = {"id": "", "view": {"type": "livekit", "url": "ws://127.0.0.1", "token": "none", "expires_in_seconds": 300}}


def _show_url(request: MutantRequest, response: MutantResponse) -> None:
    if response.status == 200 and request.matches(status("v1beta")) and request.stream:
        source = request.stream.source
        if isinstance(source, CameraSource):
            response.body["source"]["url"] = source.url


def _any_scheme(body: Any) -> Any:
    url = at(body, "source.url")
    if isinstance(url, str) and "://" in url and at(body, "source.type") in ("rtsp", "hls"):
        scheme = "rtsp" if body["source"]["type"] == "rtsp" else "https"
        body["source"]["url"] = f"{scheme}://{url.partition('://')[2]}"
    return body


def _known_source(body: Any) -> Any:
    kind = at(body, "source.type")
    return {} if isinstance(kind, str) and kind not in ("rtsp", "hls", "livekit") else body


def _viewers(change_claims: Any) -> Any:
    def changed(payload: Claims) -> Claims:
        return {**payload, **change_claims(payload)} if payload["sub"].startswith("viewer") else payload

    return claims(changed)


MUTANTS = (
    AREA("v1beta-camera-url-shown", "v1beta: the status shows a camera's URL", _show_url),
    AREA(
        "v1beta-camera-to-publish",
        "v1beta: a camera's stream is told where to publish",
        on(create("v1beta"), 201, change("publish", lambda publish: publish or PUBLISH)),
    ),
    AREA(
        "v1beta-camera-kept-alive-to-publish",
        "v1beta: a keepalive of a camera's stream gives a token to publish",
        on(keepalive("v1beta"), 200, change("publish", lambda publish: publish or PUBLISH)),
    ),
    AREA(
        "v1beta-camera-shown-as-livekit",
        "v1beta: the source of a camera's stream is livekit",
        on("* /v1beta/streams*", (200, 201), change("source.type", lambda _: "livekit")),
    ),
    AREA(
        "v1beta-camera-any-scheme",
        "v1beta: a camera's URL may have any scheme",
        message_filter=bodies(create("v1beta"), _any_scheme),
    ),
    AREA(
        "v1beta-camera-hls-refused",
        "v1beta: playlists are refused",
        message_filter=refused(create("v1beta"), "source", "type", when=lambda body: at(body, "source.type") == "hls"),
    ),
    AREA(
        "v1beta-camera-rtsps-refused",
        "v1beta: cameras over TLS are refused",
        message_filter=refused(
            create("v1beta"), "source", "url", when=lambda body: str(at(body, "source.url")).startswith("rtsps:")
        ),
    ),
    AREA(
        "v1beta-source-unknown-accepted",
        "v1beta: a source of an unknown type is taken for none",
        message_filter=bodies(create("v1beta"), _known_source),
    ),
    AREA(
        "v1beta-camera-url-optional",
        "v1beta: a camera needs no URL",
        message_filter=bodies(
            create("v1beta"),
            lambda body: (
                put("source.url", "rtsp://127.0.0.1/")(body)
                if at(body, "source.type") == "rtsp" and at(body, "source.url") is None
                else body
            ),
        ),
    ),
    WATCHING(
        "v1beta-viewers-publish",
        "v1beta: a viewer's token allows to publish",
        tokens=_viewers(lambda payload: {"video": {**payload["video"], "canPublish": True}}),
    ),
    WATCHING(
        "v1beta-viewers-token-short",
        "v1beta: a viewer's token is good for 30 seconds, and says 300",
        tokens=_viewers(lambda payload: {"exp": payload["nbf"] + 30}),
    ),
    WATCHING(
        "v1beta-viewers-of-any-room",
        "v1beta: a viewer's token names another room",
        tokens=_viewers(lambda payload: {"video": {**payload["video"], "room": "lobby"}}),
    ),
    WATCHING(
        "v1beta-viewers-lifetime-in-milliseconds",
        "v1beta: expires_in_seconds are milliseconds",
        on(VIEWER, 200, change("view.expires_in_seconds", lambda seconds: seconds * 1_000)),
    ),
    WATCHING("v1beta-viewers-without-type", "v1beta: view has no type", on(VIEWER, 200, drop("view.type"))),
    WATCHING(
        "v1beta-viewers-flat",
        "v1beta: url and token of a viewer do not stand inside view",
        on(VIEWER, 200, lambda body: {"id": body["id"], **body["view"]}),
    ),
    WATCHING("v1beta-viewers-of-anothers-stream", "v1beta: anybody may watch a stream", headers=as_owner(VIEWER)),
    WATCHING(
        "v1beta-viewers-after-the-end",
        "v1beta: a stream that has ended still gives out tokens to watch it",
        override=respond(
            VIEWER, 200, VIEW, when=lambda request: request.stream is not None and not request.stream.running
        ),
    ),
    WATCHING("v1beta-viewers-201", "v1beta: a viewer's token is 201", on(VIEWER, 200, to=201)),
)
