"""The report on a tenant at its end, as JSON: for tests that are not written in Python."""

from traceback import format_exception
from typing import Any

from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.journal.bill import Bill, ChargeLog
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import find_leaks
from ovs_mock.journal.redaction import redacted
from ovs_mock.model import ScriptedModel
from ovs_mock.runtime.runtime import Runtime

Json = dict[str, Any]


def report(runtime: Runtime, journal: Journal, charges: ChargeLog, model: ScriptedModel, faults: FaultRegistry) -> Json:
    """What was left open, what it cost, errors of the mock itself, and replies and faults that were not used.

    ``clean`` tells whether a test may pass: nothing was left open, nothing failed, everything was used.
    """
    left_open = [
        {"kind": leak.kind.value, "stream_id": leak.stream_id, "says": leak.description}
        for leak in find_leaks(runtime.current_state().streams.values(), journal)
    ]
    failures = ["".join(format_exception(error)).rstrip() for error in runtime.failures]
    unused = {
        "replies": [_usage(rule) for rule in model.unused],
        "faults": [_usage(fault) for fault in faults.unused],
    }
    return {
        "clean": not (left_open or failures or any(unused.values())),
        "leaks": left_open,
        "bill": _bill(charges.bill()),
        "failures": failures,
        "unused": unused,
        "unmatched": model.unmatched,
    }


def _bill(bill: Bill) -> Json:
    lines = [{"what": line.what, "microcents": line.microcents} for line in bill.lines]
    return {"cents": bill.cents, "microcents": bill.microcents, "lines": lines}


def _usage(rule: Any) -> Json:
    """A reply or a fault that was used less often than expected."""
    return {"says": redacted(str(rule)), "used": rule.used, "expected": rule.expected}
