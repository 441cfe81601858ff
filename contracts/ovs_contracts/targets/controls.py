"""The controls of a mock, over HTTP: what a check may arrange where there is a mock to arrange it in."""

import ssl
from collections.abc import Callable
from typing import Any

import httpx

from ovs_contracts.transport.exchange import InconclusiveError


class Controls:
    """``/_mock`` of the mock at ``origin``. Arranging is not a check: it is not recorded, and a refusal is an error."""

    def __init__(self, origin: str, tls: ssl.SSLContext | None = None) -> None:
        self._client = httpx.Client(base_url=origin + "/_mock", verify=tls or True, timeout=60, trust_env=False)
        self.observers: list[Callable[[str, Any], None]] = []
        """Told of whatever is arranged: where, and with what body."""

    def get(self, path: str) -> Any:
        return self._answer(self._client.get(path))

    def post(self, path: str, body: Any) -> Any:
        for observer in self.observers:
            observer(path, body)
        return self._answer(self._client.post(path, json=body))

    def close(self) -> None:
        self._client.close()

    def now(self) -> float:
        """The mock's clock."""
        from datetime import datetime

        return datetime.fromisoformat(self.get("/clock")["now"]).timestamp()

    def let_pass(self, seconds: float) -> None:
        """Move the clock: exactly so far, whatever real time it takes."""
        self.post("/clock/advance", {"seconds": seconds})

    def play(self, stream_id: str, seconds: float, *, fps: float, size: tuple[int, int]) -> int:
        """Let frames come in at their times while the clock moves."""
        body = {"seconds": seconds, "fps": fps, "width": size[0], "height": size[1]}
        frames: int = self.post(f"/streams/{stream_id}/play", body)["frames"]
        return frames

    def stream(self, stream_id: str) -> dict[str, Any]:
        """What the mock knows of a stream."""
        shown: dict[str, Any] = self.get(f"/streams/{stream_id}")
        return shown

    def open_account(self, key: str, *, credits_cents: int | None = None, same_user_as: str | None = None) -> None:
        """Accept a key: of a new user, or of another key's."""
        whose = {} if same_user_as is None else {"same_user_as": same_user_as}
        self.post("/accounts", {"api_key": key, "credits_cents": credits_cents, **whose})

    def open_account_without_user(self, key: str) -> None:
        """Know a key that belongs to nobody."""
        self.post("/accounts", {"api_key": key, "without_user": True})

    def balance(self, key: str) -> int:
        """What a key's account has left, in microcents."""
        left: int = self.post("/accounts/balance", {"api_key": key})["balance_microcents"]
        return left

    def revoke(self, key: str) -> None:
        """Make a key invalid from now on."""
        self.post("/accounts/revoke", {"api_key": key})

    def set_model_status(self, model: str, status: str) -> None:
        """``ready``, ``degraded``, ``saturated`` or ``unavailable``."""
        self.post("/models", {"model": model, "status": status})

    def set_draining(self, *, draining: bool) -> None:
        self.post("/draining", {"draining": draining})

    def add_reply(self, reply: dict[str, Any], *, when: dict[str, Any] | None = None, times: int | None = 1) -> None:
        """What the model says next to questions that match ``when``; ``times=None`` from now on.

        Both take what the mock's documents list: ``{"text": …}``, ``{"json": …}``, ``{"upstream_status": 503}``,
        ``{"latency_seconds": 2}``, when ``{"prompt": "cat", "model": …}``.
        """
        self.post("/model/replies", {"reply": reply, "when": when or {}, "times": times})

    def clear_replies(self) -> None:
        self.post("/model/reset", {})

    def _answer(self, response: httpx.Response) -> Any:
        if response.status_code >= 400:
            asked = f"{response.request.method} {response.request.url.path}"
            raise ControlError(f"{asked} answered {response.status_code}: {response.text[:300]}")
        return response.json() if response.content else None


class ControlError(InconclusiveError):
    """The mock would not be arranged so; no deviation of the API."""
