"""Waiting in real time until something has happened to a tenant: coroutines on its loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ovs_mock.engine.events import Event, StreamEnded
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.stream import Stream
from ovs_mock.handle.views import StreamOverError
from ovs_mock.journal.entries import Request
from ovs_mock.journal.matchers import Path, RequestMatcher
from ovs_mock.runtime.frame_injector import InjectedFrames, NoStreamError, StreamEndedError
from ovs_mock.server.tenant import Tenant
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error


async def for_frames(tenant: Tenant, stream_id: str, count: int, timeout: float) -> Stream:
    """Until a stream has had so many frames; TimeoutError, StreamOverError when it ends before, KeyError."""
    return await _for_stream(tenant, stream_id, lambda s: s.frames.received, count, "frames", timeout)


async def for_watchers(tenant: Tenant, stream_id: str, count: int, timeout: float) -> Stream:
    """Until a stream has so many result sockets that are authenticated; errors as above."""
    return await _for_stream(tenant, stream_id, lambda s: len(s.subscribers), count, "authenticated sockets", timeout)


async def until(tenant: Tenant, holds: Callable[[], bool], timeout: float, what: str, seen: Callable[[], str]) -> None:
    """Until ``holds()``, which is tried after everything that happens; TimeoutError says ``what`` and ``seen()``."""
    try:
        await asyncio.wait_for(tenant.runtime.wait_until(holds), timeout)
    except TimeoutError:
        raise TimeoutError(f"waited {timeout:g} s for {what}: {seen()}") from None


async def for_request(
    tenant: Tenant, method: str, path: Path, *, times: int, json: Any, status: int | None, timeout: float
) -> list[Request]:
    """Until such calls have come ``times`` times; TimeoutError shows what was called instead."""
    journal, wanted = tenant.journal, RequestMatcher(method, path, status, None, json)
    changed = asyncio.Event()
    with journal.watched(changed.set):
        try:
            async with asyncio.timeout(timeout):
                while len(found := journal.calls(wanted)) < times:
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s: {journal.instead_of(wanted, times)}") from None
    return found


async def injected(film: Callable[[], Awaitable[InjectedFrames]]) -> list[Event]:
    """Until frames have come in; what else happened. KeyError and StreamOverError for streams that take none."""
    try:
        return (await film()).events
    except NoStreamError as error:
        raise KeyError(str(error)) from None
    except StreamEndedError as error:
        raise StreamOverError(str(error)) from None


async def _for_stream(
    tenant: Tenant, stream_id: str, measure: Callable[[Stream], int], count: int, what: str, timeout: float
) -> Stream:
    stream = tenant.runtime.current_state().streams.get(stream_id)
    if stream is None:
        raise unknown_stream(tenant, stream_id)
    await until(
        tenant,
        lambda: measure(stream) >= count or not stream.running,
        timeout,
        f"{count} {what} of stream {stream_id}",
        lambda: f"{measure(stream)} came",
    )
    if measure(stream) < count and stream.ending:
        raise StreamOverError(
            f"stream {stream_id} ended ({stream.ending.reason}) with {measure(stream)} {what} of {count}"
        )
    return stream


def unknown_stream(tenant: Tenant, stream_id: str) -> KeyError:
    """What to raise for a stream that is not there, which says whether it ever was."""
    ended = next((e for e in tenant.journal.events(StreamEnded, stream_id=stream_id)), None)
    if ended is None:
        known = sorted(tenant.runtime.current_state().streams)
        return KeyError(f"no stream {stream_id!r}; the mock knows {', '.join(known) or 'none'}")
    ago = seconds(tenant.clock.now() - ended.at)
    return KeyError(
        f"stream {stream_id!r} ended {ago:g} s ago ({ended.reason}), and as production the mock forgets it "
        f"{tenant.settings.tombstone_seconds:g} s after its end: look at it earlier, or ask "
        "ovs.journal.events(events.StreamEnded)"
    )
