"""LiveKit: tokens, and who may enter which room."""

from typing import Any

import jwt

from ovs_mock.engine.instants import SECOND
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.responses import on
from ovs_mock.mutants.tokens import Claims, claims
from ovs_mock.runtime.livekit_tokens import Grant, LiveKitTokens, TokenError

AREA = Area("livekit")
ROOMS = "* /rtc*"


class Unverified(LiveKitTokens):
    """Believes every token."""

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            payload: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise TokenError(f"this is no token: {error}") from None
        return {"video": {}, "sub": "somebody", "exp": 0, **payload}


class Timeless(LiveKitTokens):
    """Lets tokens in that have expired."""

    def verify(self, token: str, now: int) -> Grant:
        payload = self._claims(token)
        return super().verify(token, min(now, int(payload["exp"]) * SECOND - 1))


class Generous(LiveKitTokens):
    """Lets everybody publish who is in a room."""

    def verify(self, token: str, now: int) -> Grant:
        grant = super().verify(token, now)
        return Grant(grant.room, grant.identity, True, grant.expires_at)


def _publishers(change: Any) -> Any:
    def changed(payload: Claims) -> Claims:
        return {**payload, **change(payload)} if payload["sub"] == "publisher" else payload

    return claims(changed)


MUTANTS = (
    AREA("livekit-token-unverified", "rooms believe tokens of any signature", tokens=Unverified),
    AREA("livekit-token-timeless", "rooms let tokens in that have expired", tokens=Timeless),
    AREA("livekit-viewers-publish", "rooms let viewers publish", tokens=Generous),
    AREA(
        "livekit-token-without-room",
        "tokens to publish name no room",
        tokens=_publishers(lambda payload: {"video": {k: v for k, v in payload["video"].items() if k != "room"}}),
    ),
    AREA(
        "livekit-token-listens-only",
        "tokens to publish do not allow it",
        tokens=_publishers(lambda payload: {"video": {**payload["video"], "canPublish": False}}),
    ),
    AREA(
        "livekit-token-without-join",
        "tokens to publish do not allow to join",
        tokens=_publishers(lambda payload: {"video": {**payload["video"], "roomJoin": False}}),
    ),
    AREA(
        "livekit-token-expired",
        "tokens to publish have expired when they are given out",
        tokens=_publishers(lambda payload: {"exp": payload["nbf"] - 1}),
    ),
    AREA(
        "livekit-token-for-ever",
        "tokens to publish are good for a year",
        tokens=_publishers(lambda payload: {"exp": payload["nbf"] + 31_536_000}),
    ),
    AREA(
        "livekit-token-grants-as-list",
        "what tokens to publish allow is a list",
        tokens=_publishers(lambda payload: {"video": [payload["video"]]}),
    ),
    AREA(
        "livekit-token-administers",
        "tokens to publish allow to administer the room",
        tokens=_publishers(lambda payload: {"video": {**payload["video"], "roomAdmin": True}}),
    ),
    AREA("livekit-bad-token-403", "rooms answer a bad token with 403", on(ROOMS, 401, to=403)),
    AREA(
        "livekit-bad-token-404",
        "rooms answer a bad token with 404, which sends clients to the other protocol",
        on(ROOMS, 401, to=404),
    ),
    AREA("livekit-bad-token-200", "validation approves of every token", on("GET /rtc*/validate", 401, to=200)),
    AREA(
        "livekit-validate-without-cors",
        "pages of other origins cannot read why a room is closed to them",
        on("GET /rtc*/validate", None, headers={"Access-Control-Allow-Origin": None}),
    ),
)
