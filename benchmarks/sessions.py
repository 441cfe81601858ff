"""Real video from the LiveKit SDK, for the figures that need it."""

import json
import logging
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.measured import UnavailableError

BODY = {
    "processing": {"interval_seconds": 1.0},
    "inference": {"prompt": "What is there?", "model": "Qwen/Qwen3.5-9B"},
}


def require_video() -> None:
    """Raise UnavailableError unless video can be published and taken in."""
    from ovs_common.extras import MODULES, first_missing

    missing = first_missing(*MODULES["media"], *MODULES["publish"])
    if missing:
        raise UnavailableError(f"{missing} is missing: pip install 'ovs-mock[all]'")
    # The SDK warns of things that it copes with, in the middle of the table.
    logging.getLogger("livekit").setLevel(logging.ERROR)


def call(url: str, method: str = "GET", *, key: str = "", body: object = None) -> Any:
    """A JSON call to a server of ours."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urlopen(Request(url, data, headers, method=method)) as response:  # noqa: S310 - our own server
        return json.load(response)


def new_stream(v02: str, key: str) -> Any:
    return call(f"{v02}/streams", "POST", key=key, body=BODY)
