"""Which suite this is: the version of its package, and a mark of what its files say."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

READ = (".py", ".yaml", ".json")


@cache
def suite_version() -> str:
    """``0.1.0 (3fa4c2d1)``: the mark changes with any check."""
    try:
        released = version("ovs-mock")
    except PackageNotFoundError:
        released = "unreleased"
    mark = hashlib.sha256()
    _read(files("ovs_contracts"), mark)
    return f"{released} ({mark.hexdigest()[:8]})"


def python_version() -> str:
    return platform.python_version()


def _read(folder: Traversable, mark: "hashlib._Hash") -> None:
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        if part.is_dir():
            _read(part, mark)
        elif part.name.endswith(READ):
            mark.update(part.name.encode() + part.read_bytes())
