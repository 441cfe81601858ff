"""What pytest shows of a failure, without secrets: it prints arguments and messages as they are."""

from typing import Any

import pytest
from _pytest._code.code import ExceptionChainRepr, ReprEntry

from ovs_contracts.transport.redaction import redacted


def hide_secrets(report: pytest.TestReport) -> None:
    """Take keys and tokens out of a report, in place."""
    report.sections = [(name, redacted(text)) for name, text in report.sections]
    shown = report.longrepr
    if isinstance(shown, str):
        report.longrepr = redacted(shown)
    elif isinstance(shown, ExceptionChainRepr):
        for traceback, crash, _ in shown.chain:
            if crash is not None:
                crash.message = redacted(crash.message)
            for entry in traceback.reprentries:
                _hide_in(entry)


def _hide_in(entry: Any) -> None:
    entry.lines = [redacted(line) for line in entry.lines]
    if not isinstance(entry, ReprEntry):
        return
    if entry.reprfuncargs is not None:
        entry.reprfuncargs.args = [(name, redacted(str(value))) for name, value in entry.reprfuncargs.args]
    if entry.reprlocals is not None:
        entry.reprlocals.lines = [redacted(line) for line in entry.reprlocals.lines]
