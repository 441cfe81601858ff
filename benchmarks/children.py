"""Servers in processes of their own, and the peers' place."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measured import UnavailableError

HERE = Path(__file__).parent
# Where `make bench` installs what is only here to be measured against: an environment of its own, as some peers want
# other versions of what both use.
PEERS = Path(sys.prefix) / "benchmark-peers"
PEER_PYTHON = str(PEERS / "bin" / "python")
SERVE = (sys.executable, "-m", "ovs_mock", "serve", "--port", "0", "--json")


@dataclass(frozen=True, slots=True)
class Child:
    """A server that listens, and the facts that its first line told."""

    pid: int
    facts: dict[str, Any]


def server(kind: str) -> tuple[str, ...]:
    """The command of one of the servers in servers.py."""
    return (sys.executable, str(HERE / "servers.py"), kind)


def peer_server(kind: str) -> tuple[str, ...]:
    """The command of one of the servers in peer_servers.py."""
    return (PEER_PYTHON, str(HERE / "peer_servers.py"), kind)


@contextmanager
def running(command: tuple[str, ...]) -> Iterator[Child]:
    """A server that prints a line of JSON once it listens, ended by SIGTERM."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment()) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise UnavailableError(f"{' '.join(command[1:])} ended before it listened")
            yield Child(process.pid, json.loads(line))
        finally:
            process.terminate()


def environment() -> dict[str, str]:
    """This process's environment, in which modules are compiled once, as those of peers are when they are installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def have_peers() -> bool:
    return Path(PEER_PYTHON).exists()
