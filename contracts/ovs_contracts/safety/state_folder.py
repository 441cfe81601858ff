"""Where a run keeps what the next one must know: in the user's state folder, for nobody else to read."""

import os
import re
from pathlib import Path


def state_folder(fallback: Path | None = None) -> Path:
    """The folder, which is there. ``fallback`` is taken where the user's folder cannot be written."""
    home = os.environ.get("XDG_STATE_HOME")
    # A relative path is to be ignored, says the specification of these folders.
    base = Path(home) if home and Path(home).is_absolute() else Path.home() / ".local" / "state"
    folders = [base / "ovs-contracts", *([fallback / ".state"] if fallback else [])]
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise StateFolderError(f"cannot write to {base}, where unfinished work is noted: set XDG_STATE_HOME to a folder")


def slug(origin: str) -> str:
    """An origin as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", origin.partition("://")[2] or origin).strip("-")


class StateFolderError(Exception):
    """There is nowhere to write to."""
