"""The clock, and the streams on it."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from aiohttp import web

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import iso8601, micros
from ovs_mock.journal import encode
from ovs_mock.runtime.clock import ClockError
from ovs_mock.runtime.frame_injector import FrameInjector, NoStreamError, StreamEndedError
from ovs_mock.runtime.runtime import Runtime
from ovs_mock.server.controls.endpoint import ControlRequestError, Endpoint, body
from ovs_mock.server.controls.schemas import AdvanceBody, PlayBody

T = TypeVar("T")


class ClockControls:
    """Moves the clock, with or without video that comes in meanwhile."""

    def __init__(self, runtime: Runtime, footage: FrameInjector) -> None:
        self._runtime = runtime
        self._footage = footage

    def endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("GET", "/clock"): self.clock,
            ("POST", "/clock/advance"): self.advance,
            ("POST", "/clock/advance-to-next"): self.advance_to_next,
            ("GET", "/streams"): self.streams,
            ("GET", "/streams/{stream_id}"): self.stream,
            ("POST", "/streams/{stream_id}/play"): self.play,
        }

    async def clock(self, request: web.Request) -> Any:
        return self._time()

    async def advance(self, request: web.Request) -> Any:
        """``{"seconds": 46}`` moves the clock; the answer lists what that fired, once it has been delivered."""
        asked = await body(request, AdvanceBody)
        return self._moved(await _done(self._runtime.advance(micros(asked.seconds))))

    async def advance_to_next(self, request: web.Request) -> Any:
        return self._moved(await _done(self._runtime.advance_to_next()))

    async def streams(self, request: web.Request) -> Any:
        return [encode.stream(s) for s in self._runtime.current_state().streams.values()]

    async def stream(self, request: web.Request) -> Any:
        streams = self._runtime.current_state().streams
        stream_id = request.match_info["stream_id"]
        if stream_id not in streams:
            raise ControlRequestError(404, f"no stream {stream_id!r}; the mock knows {', '.join(streams) or 'none'}")
        return encode.stream(streams[stream_id])

    async def play(self, request: web.Request) -> Any:
        """Moves the clock while frames come into a stream; what exactly comes when, ``Footage.play`` says."""
        asked = await body(request, PlayBody)
        played = await _done(
            self._footage.play(
                request.match_info["stream_id"],
                micros(asked.seconds),
                fps=asked.fps,
                width=asked.width,
                height=asked.height,
            )
        )
        return {"frames": played.frames, **self._moved(played.events)}

    def _moved(self, events: list[Event]) -> dict[str, Any]:
        return {**self._time(), "events": [encode.event(e) for e in events]}

    def _time(self) -> dict[str, str]:
        return {"now": iso8601(self._runtime.clock.now())}


async def _done(move: Awaitable[T]) -> T:
    try:
        return await move
    except NoStreamError as error:
        raise ControlRequestError(404, str(error)) from None
    except (ClockError, StreamEndedError) as error:
        raise ControlRequestError(409, str(error)) from None
    except ValueError as error:
        raise ControlRequestError(422, str(error)) from None
