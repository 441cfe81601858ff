"""Programs of ours that run beside a run: orders in, answers out, a line each."""

import subprocess
import sys
from typing import IO


def start_module(module: str, last_words: IO[str]) -> "subprocess.Popen[str]":
    """``python -m module``, with pipes; what it says otherwise goes into the file.

    Ctrl-C does not reach it: it is for us, who end it when all is tidied up.
    """
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        text=True,
        start_new_session=True,
    )


def exit_message(who: str, process: "subprocess.Popen[str]", last_words: IO[str]) -> str:
    """With which status, and its last words."""
    status = process.wait()
    last_words.seek(0)
    return f"{who} ended with status {status}: {last_words.read()[-2000:].strip()}"
