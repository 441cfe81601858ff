"""The clock, and the streams on it."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from ovs_mock.engine.events import Event
from ovs_mock.engine.instants import iso8601, micros
from ovs_mock.journal import encode
from ovs_mock.runtime.clock import ClockError
from ovs_mock.runtime.frame_injector import NoStreamError, StreamEndedError
from ovs_mock.server.controls.errors import ControlRequestError
from ovs_mock.server.controls.request import ControlRequest
from ovs_mock.server.controls.schemas import AdvanceBody, PlayBody

T = TypeVar("T")


async def clock(control: ControlRequest) -> Any:
    return {"now": iso8601(control.tenant.clock.now())}


async def advance(control: ControlRequest) -> Any:
    """``{"seconds": 46}`` moves the clock; the response lists the events that this fired, once they are delivered."""
    body = await control.body(AdvanceBody)
    return await _moved(control, await _done(control.tenant.runtime.advance(micros(body.seconds))))


async def advance_to_next(control: ControlRequest) -> Any:
    """Move the clock to the next event that is due."""
    return await _moved(control, await _done(control.tenant.runtime.advance_to_next()))


async def streams(control: ControlRequest) -> Any:
    return [encode.stream_json(stream) for stream in control.tenant.runtime.current_state().streams.values()]


async def stream(control: ControlRequest) -> Any:
    known = control.tenant.runtime.current_state().streams
    stream_id = control.path("stream_id")
    if stream_id not in known:
        raise ControlRequestError(404, f"no stream {stream_id!r}; the mock knows {', '.join(known) or 'none'}")
    return encode.stream_json(known[stream_id])


async def play(control: ControlRequest) -> Any:
    """Move the clock while frames come into a stream; ``FrameInjector.play`` documents their instants."""
    body = await control.body(PlayBody)
    played = await _done(
        control.tenant.frame_injector.play(
            control.path("stream_id"), micros(body.seconds), fps=body.fps, width=body.width, height=body.height
        )
    )
    return {"frames": played.frames, **await _moved(control, played.events)}


async def _moved(control: ControlRequest, events: list[Event]) -> dict[str, Any]:
    return {**await clock(control), "events": [encode.event_json(event) for event in events]}


async def _done(move: Awaitable[T]) -> T:
    try:
        return await move
    except NoStreamError as error:
        raise ControlRequestError(404, str(error)) from None
    except (ClockError, StreamEndedError) as error:
        raise ControlRequestError(409, str(error)) from None
    except ValueError as error:
        raise ControlRequestError(422, str(error)) from None
