"""The verdict on what a client did, as JSON: for tests that are not written in Python."""

from traceback import format_exception
from typing import Any

from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.journal.bill import Bill, ChargeLog
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import leaks
from ovs_mock.journal.redaction import redacted
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.runtime import Runtime

Json = dict[str, Any]


def verdict(
    runtime: Runtime, journal: Journal, ledger: ChargeLog, model: ScriptedModel, registry: FaultRegistry
) -> Json:
    """What was left open, what it cost, what the mock itself failed at, what was set and not used.

    ``clean`` tells whether a test may pass with it: nothing left, nothing failed, nothing unused.
    """
    left = [
        {"kind": leak.kind.value, "stream_id": leak.stream_id, "says": leak.says}
        for leak in leaks(runtime.current_state().streams.values(), journal)
    ]
    failures = ["".join(format_exception(error)).rstrip() for error in runtime.failures]
    unused = {
        "replies": [_counted(rule) for rule in model.unused],
        "faults": [_counted(fault) for fault in registry.unused],
    }
    return {
        "clean": not (left or failures or any(unused.values())),
        "leaks": left,
        "bill": _bill(ledger.bill()),
        "failures": failures,
        "unused": unused,
        "unmatched": model.unmatched,
    }


def _bill(bill: Bill) -> Json:
    lines = [{"what": line.what, "microcents": line.microcents} for line in bill.lines]
    return {"cents": bill.cents, "microcents": bill.microcents, "lines": lines}


def _counted(each: Any) -> Json:
    """A reply or a fault that was used less often than was meant."""
    return {"says": redacted(str(each)), "used": each.used, "expected": each.expected}
