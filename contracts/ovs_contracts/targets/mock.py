"""A mock of its own for a run, in a process of its own: the suite meets it over the network like any other server."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.target import Target, TargetError

# What needs more than a bare installation.
VIDEO_CAPABILITIES = frozenset({Capability.PUBLISH, Capability.WEBRTC})
MOCK_CAPABILITIES = frozenset(Capability) - VIDEO_CAPABILITIES


@contextmanager
def start_mock(seed: int = 1, options: Sequence[str] = ()) -> Iterator[Target]:
    """A mock that runs as long as this block does. ``options`` go to ``ovs-mock serve``."""
    command = [sys.executable, "-m", "ovs_mock", "serve", "--json", "--log-level", "error", "--port", "0"]
    command += ["--clock", "running", "--latency", "0.02", "--seed", str(seed), "--end-with-stdin", *options]
    # The pipe ends with this process, however it ends, and with the pipe the mock.
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _target(process)
        finally:
            process.terminate()


def _target(process: subprocess.Popen[str]) -> Target:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise TargetError(f"the mock did not start; it ended with status {process.wait()}, see above")
    facts = json.loads(line)
    origin = facts["v02"].removesuffix("/v0.2")
    second = facts["api_key"] + "-another"
    capabilities = MOCK_CAPABILITIES | _video_capabilities() if facts["takes_video"] else MOCK_CAPABILITIES
    return Target(
        name="mock",
        origin=origin,
        api_key=facts["api_key"],
        second_key=second,
        capabilities=capabilities,
        charges=False,
    )


def _video_capabilities() -> frozenset[Capability]:
    return VIDEO_CAPABILITIES if can_publish() else VIDEO_CAPABILITIES - {Capability.PUBLISH}


def can_publish() -> bool:
    """Whether this machine has a LiveKit client."""
    try:
        # What is not a client may bring other parts of the package.
        return importlib.util.find_spec("livekit.rtc") is not None
    except ImportError:
        return False
