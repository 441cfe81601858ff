"""Sessions of pytest, with the plugins of one library and no others."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import children

LIST = (
    "from importlib.metadata import entry_points; print(*{e.name for e in entry_points(group='pytest11')}, sep='\\n')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Something that tests use, in the interpreter that has it, and the plugins of pytest that come with it."""

    name: str
    python: str
    plugins: tuple[str, ...] = ()


OURS = Library(name="ovs-mock", python=sys.executable, plugins=("ovs_mock", "ovs_contracts"))
NONE = Library(name="pytest alone", python=sys.executable)
HTTPSERVER = Library(name="pytest-httpserver", python=children.PEER_PYTHON, plugins=("pytest_httpserver",))
RESPX = Library(name="respx", python=children.PEER_PYTHON, plugins=("respx",))
OPENAI = Library(name="openai-responses", python=children.PEER_PYTHON, plugins=("openai_responses",))
MOTO = Library(name="moto", python=children.PEER_PYTHON)
NO_PEER = Library(name="pytest alone, among the peers", python=children.PEER_PYTHON)


def run(library: Library, directory: Path, *arguments: str, status: int = 0) -> None:
    """Run pytest there; AssertionError with what it printed when it ends otherwise than with ``status``."""
    others = sorted(_installed(library.python) - set(library.plugins))
    switches = [word for name in others for word in ("-p", f"no:{name}")]
    command = [library.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *switches, *arguments]
    done = subprocess.run(
        command, cwd=directory, env=children.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr


@cache
def _installed(python: str) -> frozenset[str]:
    """All plugins that pytest would load with this interpreter; those that are not measured would only add noise."""
    done = subprocess.run([python, "-c", LIST], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())
