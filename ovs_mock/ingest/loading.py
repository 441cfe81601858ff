"""Imports the libraries of real video on first use: they take a third of a second, and most tests publish nothing."""

import asyncio
from functools import cache

from ovs_common.extras import MODULES, first_missing

MISSING = "this mock takes no video: pip install 'ovs-mock[media]'"


def takes_video() -> bool:
    """Whether the extra ``media`` is installed."""
    return first_missing(*MODULES["media"]) is None


async def load_webrtc() -> None:
    """Import aiortc, PyAV, numpy and LiveKit's protocol, on another thread, so that the event loop goes on.

    Modules that need them are imported after it, inside functions.

    Raises:
        UnknownAiortcError: The installed aiortc is not the one that the extra names.
    """
    await asyncio.to_thread(_import)


@cache
def _import() -> None:
    import ovs_mock.ingest.livekit.participant
    import ovs_mock.ingest.webrtc.connection  # noqa: F401
    from ovs_mock.ingest.webrtc.transport import require_known_aiortc

    require_known_aiortc()
