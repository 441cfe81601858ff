"""LiveKit tokens with other claims."""

from collections.abc import Callable
from typing import Any

import jwt

from ovs_mock.runtime.livekit_tokens import LiveKitTokens

Claims = dict[str, Any]


class ChangedClaims(LiveKitTokens):
    """Issues tokens with changed claims."""

    def __init__(self, api_key: str, secret: str, change: Callable[[Claims], Claims]) -> None:
        super().__init__(api_key, secret)
        self._change = change

    def issue(self, room: str, identity: str, *, can_publish: bool, now: int, lifetime: int) -> str:
        token = super().issue(room, identity, can_publish=can_publish, now=now, lifetime=lifetime)
        return jwt.encode(self._change(self._claims(token)), self._secret, algorithm="HS256")


def claims(change: Callable[[Claims], Claims]) -> Callable[[str, str], LiveKitTokens]:
    """Change the claims of tokens when they are issued."""
    return lambda api_key, secret: ChangedClaims(api_key, secret, change)
