"""Operations of a tenant that take time: coroutines that run on its event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ovs_mock.engine.events import Event, StreamEnded
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import Stream
from ovs_mock.handle.views import FrameTarget, StreamOverError, StreamView, stream_view
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path, RequestMatcher
from ovs_mock.runtime.frame_injector import InjectedFrames, NoStreamError, StreamEndedError
from ovs_mock.server.tenant import Tenant
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


async def until(
    tenant: Tenant,
    condition: Callable[[], bool],
    *,
    timeout: float = 10.0,
    description: str = "the condition",
    actual: Callable[[], str] = lambda: "it does not hold",
) -> None:
    """Wait until ``condition()`` holds, which is checked after everything that happens. Raises TimeoutError."""
    try:
        await asyncio.wait_for(tenant.runtime.wait_until(condition), timeout)
    except TimeoutError:
        raise TimeoutError(f"waited {timeout:g} s for {description}: {actual()}") from None


async def for_frames(tenant: Tenant, target: FrameTarget, stream_id: str, count: int, timeout: float) -> StreamView:
    """Wait until a stream has received ``count`` frames. Raises TimeoutError, StreamOverError and KeyError."""
    stream = await _for_stream(tenant, stream_id, lambda s: s.frames.received, count, "frames", timeout)
    return stream_view(stream, target)


async def for_watchers(tenant: Tenant, target: FrameTarget, stream_id: str, count: int, timeout: float) -> StreamView:
    """Wait until a stream has ``count`` authenticated result sockets; errors as above."""
    stream = await _for_stream(tenant, stream_id, lambda s: len(s.subscribers), count, "authenticated sockets", timeout)
    return stream_view(stream, target)


async def for_request(
    tenant: Tenant,
    method: str,
    path: Path,
    *,
    times: int = 1,
    json: Any = None,
    status: int | None = None,
    timeout: float = 10.0,
) -> list[Request]:
    """Wait until ``times`` such requests have arrived; TimeoutError lists those that arrived instead."""
    journal, matcher = tenant.journal, RequestMatcher(method, path, status, None, json)
    changed = asyncio.Event()
    with journal.listening(changed.set):
        try:
            async with asyncio.timeout(timeout):
                while len(found := journal.matching(matcher)) < times:
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s: {journal.describe_mismatch(matcher, times)}") from None
    return found


async def injected(inject: Callable[[], Awaitable[InjectedFrames]]) -> list[Event]:
    """Inject frames; returns the events that happened. KeyError and StreamOverError for streams that take none."""
    try:
        return (await inject()).events
    except NoStreamError as error:
        raise KeyError(str(error)) from None
    except StreamEndedError as error:
        raise StreamOverError(str(error)) from None


async def _for_stream(
    tenant: Tenant, stream_id: str, measure: Callable[[Stream], int], count: int, unit: str, timeout: float
) -> Stream:
    stream = tenant.runtime.current_state().streams.get(stream_id)
    if stream is None:
        raise unknown_stream(tenant, stream_id)
    await until(
        tenant,
        lambda: measure(stream) >= count or not stream.running,
        timeout=timeout,
        description=f"{count} {unit} of stream {stream_id}",
        actual=lambda: f"{measure(stream)} came",
    )
    if measure(stream) < count and stream.ending:
        raise StreamOverError(
            f"stream {stream_id} ended ({stream.ending.reason}) with {measure(stream)} {unit} of {count}"
        )
    return stream


def unknown_stream(tenant: Tenant, stream_id: str) -> KeyError:
    """The error for an unknown stream, which says whether it existed before."""
    ended = next(iter(tenant.journal.events(StreamEnded, stream_id=stream_id)), None)
    if ended is None:
        known = sorted(tenant.runtime.current_state().streams)
        return KeyError(f"no stream {stream_id!r}; the mock has {', '.join(known) or 'none'}")
    ago = seconds(tenant.clock.now() - ended.at)
    return KeyError(
        f"stream {stream_id!r} ended {ago:g} s ago ({ended.reason}), and as production the mock forgets it "
        f"{tenant.settings.tombstone_seconds:g} s after its end: read it earlier, or call "
        "ovs.journal.events(events.StreamEnded)"
    )
