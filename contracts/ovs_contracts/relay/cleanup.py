"""Ends streams that a test has left open."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from ovs_contracts.safety.cleanup import ATTEMPTS, is_final, retry_delay
from ovs_contracts.safety.streams import GONE, OpenStream

Delete = Callable[[OpenStream], Awaitable[int | None]]
"""Asks the target to end a stream: the status, ``None`` when it cannot be reached."""


async def end_streams(streams: Iterable[OpenStream], delete: Delete) -> list[str]:
    """End them all at a time; the ids of those that are still there."""
    streams = list(streams)
    gone = await asyncio.gather(*(_retry_delete(stream, delete) for stream in streams))
    return [stream.id for stream, is_gone in zip(streams, gone, strict=True) if not is_gone]


async def _retry_delete(stream: OpenStream, delete: Delete) -> bool:
    """Whether a stream is gone. Tried again while the target is out of order."""
    for attempt in range(ATTEMPTS):
        status = await delete(stream)
        if is_final(status):
            return status in GONE
        if attempt + 1 < ATTEMPTS:
            await asyncio.sleep(retry_delay(attempt))
    return False
