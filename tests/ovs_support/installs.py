"""Environments as users make them: the wheel of this checkout, with only the extras and packages that are asked for."""

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from ovs_support.snippets import ROOT

NOT_COPIED = (".git", ".venv", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
# What a developer's shell may have set and a user's has not.
UNSET = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "OVERSHOOT_API_KEY")
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


@dataclass(frozen=True)
class Environment:
    """A virtual environment in a folder of its own."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def variables(self, more: dict[str, str]) -> dict[str, str]:
        """Environment variables with which its programs are found first."""
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        return {**kept, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "NO_COLOR": "1", **more}

    def run(self, script: str, cwd: Path, variables: dict[str, str] | None = None, timeout: float = 300) -> str:
        """The output of a shell script, each of whose commands must succeed."""
        command = ["/bin/bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.variables(variables or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout


class Installs:
    """Builds the wheel once, and one environment for each set of requirements."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Environment] = {}
        self._wheel: Path | None = None

    def environment(self, requirements: str) -> Environment:
        """An environment with, for example, ``ovs-mock[pytest] openai`` and nothing else."""
        if requirements not in self._made:
            made = self.empty(pip=False)
            wanted = [word.replace("ovs-mock", str(self.wheel), 1) for word in requirements.split()]
            pinned = ["--constraint", str(ROOT / "constraints.txt")]
            subprocess.run([*PIP, "--python", made.python, "install", "--quiet", *pinned, *wanted], check=True)
            self._made[requirements] = made
        return self._made[requirements]

    def empty(self, *, pip: bool) -> Environment:
        """A new environment without any package but pip, if that is wanted."""
        made = Environment(self._folder / f"environment-{len(list(self._folder.iterdir()))}")
        venv.create(made.folder, with_pip=pip, symlinks=True)
        return made

    @property
    def wheel(self) -> Path:
        if self._wheel is None:
            folder = self._folder / "wheel"
            subprocess.run([*PIP, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True)
            (self._wheel,) = folder.iterdir()
        return self._wheel


def checkout(folder: Path) -> Path:
    """A copy of the checkout as it was cloned."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return folder
