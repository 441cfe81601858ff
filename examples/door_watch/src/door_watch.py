"""Watches a door through a camera: is it open?"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import httpx
import openai
from pydantic import BaseModel

MODELS = ("Qwen/Qwen3.6-27B-FP8", "google/gemma-4-31B-it")
QUESTION = "Is the door open? Say how sure you are, from 0 to 1."
POLL_SECONDS = 0.5
READY_SECONDS = 45.0
TRIES = 5


class Door(BaseModel):
    """The JSON schema of the model's answer."""

    open: bool
    sureness: float


@dataclass(frozen=True)
class Sighting:
    """The door in one frame."""

    frame_index: int
    door: Door
    model: str


class StreamLostError(Exception):
    """The stream is gone: its lease ran out, or somebody deleted it."""


class NoVideoError(Exception):
    """The camera has sent nothing."""


class OutOfServiceError(Exception):
    """No model could be asked."""


class DoorWatch:
    """A stream of a camera, and questions about what it sees. Leaving the context deletes the stream."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._api = httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"})
        # The client's own retries would ask again about a frame that is gone, and sleep on the real clock.
        self._chat = openai.OpenAI(base_url=base_url, api_key=api_key, max_retries=0)
        self._sleep, self._now = sleep, now
        self._stream: dict[str, Any] = {}
        self._expires_at = 0.0

    def __enter__(self) -> Self:
        created = self._api.post("/streams")
        created.raise_for_status()
        self._stream = created.json()
        self._expires_at = self._stream["expires_at_ms"] / 1000
        return self

    def __exit__(self, *_: object) -> None:
        try:
            deleted = self._api.delete(f"/streams/{self.stream_id}")
            if deleted.status_code != httpx.codes.NOT_FOUND:
                deleted.raise_for_status()
        finally:
            self._api.close()
            self._chat.close()

    @property
    def stream_id(self) -> str:
        return str(self._stream["id"])

    @property
    def publish(self) -> dict[str, str]:
        """Where the camera has to send its video: ``url`` and ``token`` of a LiveKit room."""
        return dict(self._stream["publish"])

    def wait_for_video(self) -> None:
        """Wait until the camera's first frame is there. NoVideoError when it does not come."""
        give_up = self._now() + READY_SECONDS
        while self._status()["last_frame_at_ms"] is None:
            if self._now() >= give_up:
                raise NoVideoError(f"no frame within {READY_SECONDS:g} s")
            self._rest(POLL_SECONDS)

    def look(self) -> Sighting:
        """The door in the newest frame."""
        index = self._status()["last_frame_index"]
        sighting = None if index is None else self.look_at(index)
        if sighting is None:
            raise NoVideoError("there is no frame to look at")
        return sighting

    def look_at(self, frame_index: int) -> Sighting | None:
        """The door in one frame; ``None`` when it is not kept any more, or has not come yet."""
        for model in MODELS:
            try:
                return Sighting(frame_index, self._ask(model, frame_index), model)
            except openai.ConflictError:
                return None
            except openai.NotFoundError as error:
                raise StreamLostError(self.stream_id) from error
            except openai.APIStatusError as error:
                if error.status_code == httpx.codes.GONE:
                    return None
                if error.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    raise
        raise OutOfServiceError(f"none of {', '.join(MODELS)} answers")

    def watch(self, seconds: float, *, every: float) -> Iterator[Sighting]:
        """Look at the door at regular intervals for some seconds."""
        end = self._now() + seconds
        while self._now() < end:
            yield self.look()
            self._rest(every)

    def _ask(self, model: str, frame_index: int) -> Door:
        """Asks one question, and again after each 429."""
        url = f"ovs://streams/{self.stream_id}?frame_index={frame_index}"
        for tries_left in reversed(range(TRIES)):
            try:
                reply = self._chat.chat.completions.parse(
                    model=model,
                    messages=[
                        {
                            "role": "user",
                            "content": [
                                {"type": "text", "text": QUESTION},
                                {"type": "image_url", "image_url": {"url": url}},
                            ],
                        }
                    ],
                    response_format=Door,
                )
            except openai.RateLimitError as error:
                if not tries_left:
                    raise
                self._rest(float(error.response.headers.get("retry-after", 1)))
            else:
                door = reply.choices[0].message.parsed
                assert door is not None
                return door
        raise AssertionError("unreachable")

    def _status(self) -> dict[str, Any]:
        status = self._api.get(f"/streams/{self.stream_id}")
        if status.status_code == httpx.codes.NOT_FOUND or status.json().get("state") == "ended":
            raise StreamLostError(self.stream_id)
        status.raise_for_status()
        return dict(status.json())

    def _rest(self, seconds: float) -> None:
        """Sleeps, and renews the lease each time that half of it has passed."""
        end = self._now() + seconds
        half = self._stream["ttl_seconds"] / 2
        while (left := end - self._now()) > 0:
            until_renewal = max(0.0, self._expires_at - half - self._now())
            if until_renewal > left:
                self._sleep(left)
                return
            self._sleep(until_renewal)
            self._renew()

    def _renew(self) -> None:
        renewed = self._api.post(f"/streams/{self.stream_id}/keepalive")
        if renewed.status_code == httpx.codes.NOT_FOUND:
            raise StreamLostError(self.stream_id)
        renewed.raise_for_status()
        self._expires_at = renewed.json()["expires_at_ms"] / 1000
