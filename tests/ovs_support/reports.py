"""A report with something of everything in it."""

from dataclasses import replace
from typing import Any

from ovs_contracts.report.model import (
    Cause,
    CheckResult,
    Failure,
    Outcome,
    Report,
    ReportedAnswer,
    ReportedCall,
    Retry,
    RunInfo,
    Spend,
)

ABOUT = RunInfo(
    target="live",
    origin="https://api.example",
    suite="0.1.0 (3fa4c2d1)",
    python="3.11.7",
    server="Overshoot 2.0",
    started_at="2026-11-21T12:00:00+00:00",
    seconds=83.4,
    seed=7,
)
CALL = ReportedCall(
    curl="""curl -i -X POST https://api.example/v1/streams -H "authorization: Bearer $OVERSHOOT_API_KEY" """,
    method="POST",
    path="/v1/streams",
    status=200,
    headers={"content-type": "application/json"},
    body='{\n  "id": "<b>1</b>"\n}',
    seconds=0.02,
)
FAILURE = Failure(
    message="the status\n  expected: 201\n  seen: 200",
    claim="the status of <POST>",
    expected="201",
    seen="200 | `tick`",
    where="v1/test_streams.py:12",
    call=CALL,
    calls=(CALL, replace(CALL, status=404, body="")),
)
SPEND = Spend(budget=20.0, estimated=1.234, balance_before=500.0, balance_after=498.8)


def check(name: str, outcome: Outcome = Outcome.HOLDS, area: str = "v1", **more: Any) -> CheckResult:
    return CheckResult(
        **{
            "id": f"{area}/test_streams.py::test_{name}",
            "area": area,
            "claim": f"The claim of {name}.",
            "parity": "documented",
            "source": "v1: streams",
            "outcome": outcome,
            "seconds": 0.5,
            **more,
        }
    )


DRIFTED = check("drift", Outcome.DRIFTED, claim="A <new> stream | is *201*.", failure=FAILURE)
UNPLAIN = check("assertion", Outcome.DRIFTED, area="v02", failure=Failure(message="assert 1 == 2\n```"))
ANSWERED = check(
    "question",
    Outcome.ANSWERED,
    area="probes",
    answers=(
        ReportedAnswer(rows=("14",), seen=60, decided=60),
        ReportedAnswer(rows=("2",), seen={"a": "<i>"}, decided={"a": None}),
    ),
)
LIMITED = check("wait", Outcome.UNCHECKED, cause=Cause.LIMIT, reason="waits too long", detail="61 s", variant="a-b")
RETRIED = check("again", retry=Retry(because="503 from GET /v1/models", message="503"))
CHECKS = (check("one"), DRIFTED, UNPLAIN, ANSWERED, LIMITED, RETRIED)


def report(*checks: CheckResult, **more: Any) -> Report:
    return Report(**{"about": ABOUT, "checks": checks, "spend": SPEND, **more})


EVERYTHING = report(*CHECKS, notes=("Streams of earlier runs: ended 1",), aborted="the run was interrupted")
