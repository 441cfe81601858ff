"""v0.2: telemetry, and tokens to watch."""

from ovs_mock.api.v02 import encode
from ovs_mock.mutants.answers import instead, is_foreign, is_owners, on
from ovs_mock.mutants.catalogue.routes import INFO, SPECTATE
from ovs_mock.mutants.edits import always, change, drop, put, rename
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner
from ovs_mock.mutants.tokens import claims

AREA = "v02/info"
WATCHING = "v02/spectate"
CONNECTION = {"livekit": {"url": "ws://127.0.0.1", "token": "none"}}


def _uncapped(asked: MutantRequest, reply: MutantResponse) -> None:
    if asked.matches(INFO) and reply.status == 200:
        body = reply.body
        body.update(effective_width=body["frame_width"], effective_height=body["frame_height"])


def _of_the_ended(asked: MutantRequest, reply: MutantResponse) -> None:
    stream = asked.stream
    if asked.matches(INFO) and reply.status == 404 and stream is not None and is_owners(asked):
        reply.status = 200
        reply.body = encode.info(stream, stream.ending.at if stream.ending else stream.created_at)


MUTANTS = (
    Mutant(name="v02-info-without-fps", area=AREA, description="info has no fps", response=on(INFO, 200, drop("fps"))),
    Mutant(
        name="v02-info-without-failures",
        area=AREA,
        description="info does not count failed inferences",
        response=on(INFO, 200, drop("inferences_failed")),
    ),
    Mutant(
        name="v02-info-failures-uncounted",
        area=AREA,
        description="failed inferences count as completed",
        response=lambda asked, reply: (
            reply.body.update(
                inferences_completed=reply.body["inferences_completed"] + reply.body["inferences_failed"],
                inferences_failed=0,
            )
            if asked.matches(INFO) and reply.status == 200
            else None
        ),
    ),
    Mutant(
        name="v02-info-uptime-as-text",
        area=AREA,
        description="the uptime is a string",
        response=on(INFO, 200, change("uptime_seconds", str)),
    ),
    Mutant(
        name="v02-info-uptime-in-milliseconds",
        area=AREA,
        description="the uptime is in milliseconds",
        response=on(INFO, 200, change("uptime_seconds", lambda seconds: seconds * 1_000)),
    ),
    Mutant(
        name="v02-info-native-as-livekit",
        area=AREA,
        description="the source type of a native stream is livekit",
        response=on(INFO, 200, change("source_type", lambda kind: "livekit" if kind == "native" else kind)),
    ),
    Mutant(
        name="v02-info-size-swapped",
        area=AREA,
        description="width and height are the wrong way round",
        response=on(
            INFO, 200, rename("frame_width", "w"), rename("frame_height", "frame_width"), rename("w", "frame_height")
        ),
    ),
    Mutant(
        name="v02-info-size-uncapped",
        area=AREA,
        description="the effective size is not capped at 720p",
        response=_uncapped,
    ),
    Mutant(
        name="v02-info-nothing-completed",
        area=AREA,
        description="inferences_completed stays zero",
        response=on(INFO, 200, put("inferences_completed", 0)),
    ),
    Mutant(
        name="v02-info-latency-in-milliseconds",
        area=AREA,
        description="the last inference's latency is in milliseconds",
        response=on(INFO, 200, change("last_inference_latency_seconds", lambda seconds: seconds * 1_000)),
    ),
    Mutant(
        name="v02-info-size-null-at-first",
        area=AREA,
        description="sizes are null before the first frame",
        response=on(INFO, 200, change("frame_width", lambda n: n or None), change("frame_height", lambda n: n or None)),
    ),
    Mutant(
        name="v02-info-of-the-ended",
        area=AREA,
        description="a stream that has ended still has an info",
        response=_of_the_ended,
    ),
    Mutant(
        name="v02-info-of-anothers-stream",
        area=AREA,
        description="anybody may see the info of a stream",
        headers=as_owner(INFO),
    ),
    Mutant(
        name="v02-info-reveals-others",
        area=AREA,
        description="the info of another user's stream is 403",
        response=on(INFO, 404, to=403, when=is_foreign),
    ),
    Mutant(
        name="v02-spectators-publish",
        area=WATCHING,
        description="a spectator's token allows to publish",
        tokens=claims(
            lambda said: (
                {**said, "video": {**said["video"], "canPublish": True}} if "spectator" in said["sub"] else said
            )
        ),
    ),
    Mutant(
        name="v02-spectators-stay-an-hour",
        area=WATCHING,
        description="a spectator's token is good for an hour",
        tokens=claims(lambda said: {**said, "exp": said["nbf"] + 3600} if "spectator" in said["sub"] else said),
    ),
    Mutant(
        name="v02-spectators-hear-nothing",
        area=WATCHING,
        description="a spectator's token does not allow to subscribe",
        tokens=claims(
            lambda said: (
                {**said, "video": {**said["video"], "canSubscribe": False}} if "spectator" in said["sub"] else said
            )
        ),
    ),
    Mutant(
        name="v02-spectate-flat",
        area=WATCHING,
        description="url and token of a spectator do not stand inside livekit",
        response=on(SPECTATE, 200, lambda body: body["livekit"]),
    ),
    Mutant(
        name="v02-spectate-any-transport",
        area=WATCHING,
        description="streams of other transports than native can be watched",
        response=on(SPECTATE, 400, always(CONNECTION), to=200),
    ),
    Mutant(
        name="v02-spectate-other-transport-404",
        area=WATCHING,
        description="watching a stream that is not native is 404",
        response=on(SPECTATE, 400, to=404),
    ),
    Mutant(
        name="v02-spectate-anothers-stream",
        area=WATCHING,
        description="anybody may watch a stream",
        headers=as_owner(SPECTATE),
    ),
    Mutant(
        name="v02-spectate-unknown-200",
        area=WATCHING,
        description="a stream that is not there can be watched",
        override=instead(
            SPECTATE, 200, CONNECTION, when=lambda asked: asked.stream is None and asked.account is not None
        ),
    ),
)
