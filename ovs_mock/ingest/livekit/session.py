"""The signalling of one client, from joining to leaving. Sans-IO: messages in, messages and effects out."""

from collections.abc import Callable

from livekit.protocol import models, rtc

from ovs_mock.ingest.livekit.actions import AcceptAnswer, AddCandidate, AnswerOffer, Finish, MakeOffer, Output, Send
from ovs_mock.ingest.livekit.codec import Join, decode_candidate
from ovs_mock.runtime.livekit_tokens import Grant

SERVER_VERSION = "1.9.1"
PROTOCOL = 16
# Seconds. The Rust SDKs abort the whole process when the interval is 0 or missing.
PING_INTERVAL = 5
PING_TIMEOUT = 15
# The codecs that the mock receives. livekit-client reads them before it falls back to VP8; the Rust SDKs do not.
CODECS = ("video/VP8", "video/H264", "audio/opus")


class SignallingSession:
    """``new_id`` makes ids such as ``TR_…`` from their tag. Clients check the tags ``PA`` and ``TR``."""

    def __init__(self, grant: Grant, join: Join, new_id: Callable[[str], str], *, single_connection: bool) -> None:
        self._grant = grant
        self._join = join
        self._new_id = new_id
        self._single_connection = single_connection
        self._finished = False
        self.sid = new_id("PA")
        self.tracks: dict[str, models.TrackInfo] = {}

    def start(self, now: int) -> list[Output]:
        """Send the join response. ``now`` is an instant."""
        if self._finished:
            return []
        if self._join.reconnect:
            # A client that lost its socket has no state here: after this message it joins and publishes anew in 0.2 s.
            return self.end(models.STATE_MISMATCH, rtc.LeaveRequest.RECONNECT)
        outputs: list[Output] = [Send(rtc.SignalResponse(join=self._join_response(now)))]
        if self._join.offer:
            outputs.append(AnswerOffer(self._join.offer.sdp, self._join.offer.id))
        elif not self._single_connection:
            outputs.append(MakeOffer())
        for request in self._join.tracks:
            outputs += self._add_track(request)
        return outputs

    def receive(self, request: rtc.SignalRequest, now: int) -> list[Output]:  # noqa: C901 - one row a message
        """Handle a message of the client. Messages for subscribers are ignored."""
        if self._finished:
            return []
        match request.WhichOneof("message"):
            case "offer":
                return [AnswerOffer(request.offer.sdp, request.offer.id)]
            case "answer":
                return [AcceptAnswer(request.answer.sdp)]
            case "trickle":
                return self._trickle(request.trickle)
            case "add_track":
                return self._add_track(request.add_track)
            case "mute":
                return self._mute(request.mute)
            case "leave":
                return self._finish()
            case "ping" | "ping_req":
                return [Send(_pong(request, now))]
            case _:
                return []

    def answered(self, sdp: str, id_: int) -> list[Output]:
        """Send the answer to the client's offer ``id_``."""
        return [Send(rtc.SignalResponse(answer=rtc.SessionDescription(type="answer", sdp=sdp, id=id_)))]

    def offered(self, sdp: str) -> list[Output]:
        return [Send(rtc.SignalResponse(offer=rtc.SessionDescription(type="offer", sdp=sdp, id=1)))]

    def refresh(self, token: str) -> list[Output]:
        """Send a token that the client can reconnect with."""
        return [] if self._finished else [Send(rtc.SignalResponse(refresh_token=token))]

    def end(self, reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> list[Output]:
        """Tell the client that it is disconnected, and what to do."""
        if self._finished:
            return []
        can_reconnect = action != rtc.LeaveRequest.DISCONNECT
        message = rtc.LeaveRequest(reason=reason, action=action, can_reconnect=can_reconnect)
        return [Send(rtc.SignalResponse(leave=message)), *self._finish()]

    def _finish(self) -> list[Output]:
        self._finished = True
        return [Finish()]

    def _trickle(self, trickle: rtc.TrickleRequest) -> list[Output]:
        candidate = decode_candidate(trickle)
        return [AddCandidate(candidate, trickle.target == rtc.SUBSCRIBER)] if candidate else []

    def _add_track(self, request: rtc.AddTrackRequest) -> list[Output]:
        """Without an answer that repeats ``cid`` the client's publishing fails after 10 s."""
        if not self._grant.can_publish:
            refusal = rtc.RequestResponse(
                reason=rtc.RequestResponse.NOT_ALLOWED,
                message="the token does not allow to publish",
                add_track=request,
            )
            return [Send(rtc.SignalResponse(request_response=refusal))]
        track = self._track_info(request)
        self.tracks[track.sid] = track
        published = rtc.TrackPublishedResponse(cid=request.cid, track=track)
        return [Send(rtc.SignalResponse(track_published=published))]

    def _mute(self, mute: rtc.MuteTrackRequest) -> list[Output]:
        """Store the state. The packets of a muted track still count as frames."""
        if mute.sid in self.tracks:
            self.tracks[mute.sid].muted = mute.muted
        return []

    def _track_info(self, request: rtc.AddTrackRequest) -> models.TrackInfo:
        return models.TrackInfo(
            sid=self._new_id("TR"),
            type=request.type,
            name=request.name,
            muted=request.muted,
            width=request.width,
            height=request.height,
            simulcast=len(request.layers) > 1,
            source=request.source,
            layers=request.layers,
            mime_type=_mime_type(request),
            stereo=request.stereo,
            disable_red=request.disable_red,
            stream=request.stream,
        )

    def _join_response(self, now: int) -> rtc.JoinResponse:
        return rtc.JoinResponse(
            room=models.Room(sid=self._new_id("RM"), name=self._grant.room, num_participants=1),
            participant=self._participant(now),
            server_version=SERVER_VERSION,
            server_info=models.ServerInfo(version=SERVER_VERSION, protocol=PROTOCOL),
            # livekit 1.0.25 (Python) with two connections waits for the one that it subscribes on, for 60 s, and
            # does not make it unless it is the primary one.
            subscriber_primary=not self._single_connection,
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            enabled_publish_codecs=[models.Codec(mime=mime) for mime in CODECS],
            # Spares the client 0.15 s of waiting for more tracks before it offers the first.
            fast_publish=self._grant.can_publish,
        )

    def _participant(self, now: int) -> models.ParticipantInfo:
        grant = self._grant
        permission = models.ParticipantPermission(
            can_subscribe=True, can_publish=grant.can_publish, can_publish_data=grant.can_publish
        )
        return models.ParticipantInfo(
            sid=self.sid,
            identity=grant.identity,
            state=models.ParticipantInfo.JOINED,
            joined_at=now // 1_000_000,
            joined_at_ms=now // 1_000,
            permission=permission,
            is_publisher=grant.can_publish,
        )


def _mime_type(request: rtc.AddTrackRequest) -> str:
    codecs = [codec.codec for codec in request.simulcast_codecs if codec.codec]
    if not codecs:
        return ""
    kind = "audio" if request.type == models.AUDIO else "video"
    return codecs[0] if "/" in codecs[0] else f"{kind}/{codecs[0].upper()}"


def _pong(request: rtc.SignalRequest, now: int) -> rtc.SignalResponse:
    if request.WhichOneof("message") == "ping":
        return rtc.SignalResponse(pong=request.ping)
    last = request.ping_req.timestamp
    return rtc.SignalResponse(pong_resp=rtc.Pong(last_ping_timestamp=last, timestamp=now // 1_000))
