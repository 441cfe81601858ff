"""v0.2: telemetry, and tokens to watch."""

from collections.abc import Callable

from ovs_mock.api.v02 import encode
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import INFO, SPECTATE
from ovs_mock.mutants.edits import always, change, drop, put, rename
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.requests import as_owner
from ovs_mock.mutants.responses import is_foreign, is_own, on, respond
from ovs_mock.mutants.tokens import Claims, claims
from ovs_mock.runtime.livekit_tokens import LiveKitTokens

AREA = Area("v02/info")
WATCHING = Area("v02/spectate")
CONNECTION = {"livekit": {"url": "ws://127.0.0.1", "token": "none"}}


def _uncapped(request: MutantRequest, response: MutantResponse) -> None:
    if request.matches(INFO) and response.status == 200:
        body = response.body
        body.update(effective_width=body["frame_width"], effective_height=body["frame_height"])


def _of_the_ended(request: MutantRequest, response: MutantResponse) -> None:
    stream = request.stream
    if request.matches(INFO) and response.status == 404 and stream is not None and is_own(request):
        response.status = 200
        response.body = encode.info(stream, stream.ending.at if stream.ending else stream.created_at)


def _spectators(change: Callable[[Claims], Claims]) -> Callable[[str, str], LiveKitTokens]:
    """Change claims of the tokens of spectators."""
    return claims(lambda payload: {**payload, **change(payload)} if "spectator" in payload["sub"] else payload)


MUTANTS = (
    AREA("v02-info-without-fps", "info has no fps", on(INFO, 200, drop("fps"))),
    AREA(
        "v02-info-without-failures", "info does not count failed inferences", on(INFO, 200, drop("inferences_failed"))
    ),
    AREA(
        "v02-info-failures-uncounted",
        "failed inferences count as completed",
        lambda request, response: (
            response.body.update(
                inferences_completed=response.body["inferences_completed"] + response.body["inferences_failed"],
                inferences_failed=0,
            )
            if request.matches(INFO) and response.status == 200
            else None
        ),
    ),
    AREA("v02-info-uptime-as-text", "the uptime is a string", on(INFO, 200, change("uptime_seconds", str))),
    AREA(
        "v02-info-uptime-in-milliseconds",
        "the uptime is in milliseconds",
        on(INFO, 200, change("uptime_seconds", lambda seconds: seconds * 1_000)),
    ),
    AREA(
        "v02-info-native-as-livekit",
        "the source type of a native stream is livekit",
        on(INFO, 200, change("source_type", lambda kind: "livekit" if kind == "native" else kind)),
    ),
    AREA(
        "v02-info-size-swapped",
        "width and height are the wrong way round",
        on(INFO, 200, rename("frame_width", "w"), rename("frame_height", "frame_width"), rename("w", "frame_height")),
    ),
    AREA("v02-info-size-uncapped", "the effective size is not capped at 720p", _uncapped),
    AREA(
        "v02-info-nothing-completed", "inferences_completed stays zero", on(INFO, 200, put("inferences_completed", 0))
    ),
    AREA(
        "v02-info-latency-in-milliseconds",
        "the last inference's latency is in milliseconds",
        on(INFO, 200, change("last_inference_latency_seconds", lambda seconds: seconds * 1_000)),
    ),
    AREA(
        "v02-info-size-null-at-first",
        "sizes are null before the first frame",
        on(INFO, 200, change("frame_width", lambda n: n or None), change("frame_height", lambda n: n or None)),
    ),
    AREA("v02-info-of-the-ended", "a stream that has ended still has an info", _of_the_ended),
    AREA("v02-info-of-anothers-stream", "anybody may see the info of a stream", headers=as_owner(INFO)),
    AREA("v02-info-reveals-others", "the info of another user's stream is 403", on(INFO, 404, to=403, when=is_foreign)),
    WATCHING(
        "v02-spectators-publish",
        "a spectator's token allows to publish",
        tokens=_spectators(lambda payload: {"video": {**payload["video"], "canPublish": True}}),
    ),
    WATCHING(
        "v02-spectators-stay-an-hour",
        "a spectator's token is good for an hour",
        tokens=_spectators(lambda payload: {"exp": payload["nbf"] + 3600}),
    ),
    WATCHING(
        "v02-spectators-hear-nothing",
        "a spectator's token does not allow to subscribe",
        tokens=_spectators(lambda payload: {"video": {**payload["video"], "canSubscribe": False}}),
    ),
    WATCHING(
        "v02-spectate-flat",
        "url and token of a spectator do not stand inside livekit",
        on(SPECTATE, 200, lambda body: body["livekit"]),
    ),
    WATCHING(
        "v02-spectate-any-transport",
        "streams of other transports than native can be watched",
        on(SPECTATE, 400, always(CONNECTION), to=200),
    ),
    WATCHING(
        "v02-spectate-other-transport-404", "watching a stream that is not native is 404", on(SPECTATE, 400, to=404)
    ),
    WATCHING("v02-spectate-anothers-stream", "anybody may watch a stream", headers=as_owner(SPECTATE)),
    WATCHING(
        "v02-spectate-unknown-200",
        "a stream that is not there can be watched",
        override=respond(
            SPECTATE, 200, CONNECTION, when=lambda request: request.stream is None and request.account is not None
        ),
    ),
)
