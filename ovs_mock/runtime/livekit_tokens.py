"""LiveKit access tokens: which room a participant may join, and with which permissions."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from ovs_mock.engine.instants import SECOND
from ovs_mock.runtime.hs256 import ALGORITHM, sign


class TokenError(Exception):
    """A token that is not valid for a room. The message has the reason, and not the token."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows. Room names are stream ids; ``expires_at`` is an instant."""

    room: str
    identity: str
    can_publish: bool
    expires_at: int


def unverified_room(token: str) -> str:
    """The room that a token names, without checking its signature; empty for an invalid token."""
    import jwt

    try:
        return str(jwt.decode(token, options={"verify_signature": False})["video"]["room"])
    except (jwt.PyJWTError, KeyError, TypeError):
        return ""


class LiveKitTokens:
    """Issues and checks the tokens of one mock's LiveKit server."""

    def __init__(self, api_key: str, secret: str) -> None:
        self._api_key = api_key
        self._secret = secret
        self._numbers = count(1)

    def issue(self, room: str, identity: str, *, can_publish: bool, now: int, lifetime: int) -> str:
        """A JWT with LiveKit's claims. Durations in microseconds.

        JWT times are whole seconds; its number makes a token differ from others of the same second.
        """
        claims = {
            "iss": self._api_key,
            "sub": identity,
            "jti": str(next(self._numbers)),
            "nbf": now // SECOND,
            "exp": now // SECOND + -(-lifetime // SECOND),
            "video": {
                "room": room,
                "roomJoin": True,
                "canPublish": can_publish,
                "canSubscribe": True,
                "canPublishData": can_publish,
            },
        }
        return sign(claims, self._secret)

    def verify(self, token: str, now: int) -> Grant:
        """The grant of a token that is genuine and in time; raises TokenError."""
        claims = self._claims(token)
        video = claims["video"]
        if not isinstance(video, dict) or not video.get("roomJoin") or not isinstance(video.get("room"), str):
            raise TokenError("the token does not allow to join a room")
        grant = Grant(video["room"], claims["sub"], bool(video.get("canPublish", True)), int(claims["exp"]) * SECOND)
        if grant.expires_at <= now:
            raise TokenError("the token has expired")
        if claims.get("nbf", 0) * SECOND > now:
            raise TokenError("the token is not valid yet")
        return grant

    def _claims(self, token: str) -> dict[str, Any]:
        import jwt

        # Times are checked against the mock's clock, not the machine's.
        options: Any = {
            "require": ["exp", "sub", "video"],
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
        }
        try:
            return jwt.decode(token, self._secret, algorithms=[ALGORITHM], issuer=self._api_key, options=options)
        except jwt.PyJWTError as error:
            raise TokenError(f"the token is not one of this server's: {error}") from None
