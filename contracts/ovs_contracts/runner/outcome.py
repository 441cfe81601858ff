"""What came of one attempt at a check."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from ovs_contracts.report.encode import shown_call, shown_json, shown_text, shown_value
from ovs_contracts.report.model import Cause, CheckResult, Failure, Outcome, ReportedAnswer, Retry
from ovs_contracts.runner import checks
from ovs_contracts.runner.transient_errors import is_unreachable, refused_payment, trouble_among, trouble_of
from ovs_contracts.safety.errors import BudgetError, LimitError, NotAllowedError
from ovs_contracts.transport.exchange import Deviation, Exchange, InconclusiveError

SHOWN_CALLS = 8

Judgement = tuple[Outcome, Cause | None, str | None, str | None]
"""With the reason and its detail."""


@dataclass(slots=True)
class CheckAttempt:
    """One attempt, as pytest reports it phase by phase."""

    item: pytest.Item
    errors: list[BaseException] = field(default_factory=list)
    where: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    """The calls that the check made."""
    answers: list[dict[str, Any]] = field(default_factory=list)

    def take(self, call: pytest.CallInfo[Any], report: pytest.TestReport) -> None:
        """Remember how a phase ended."""
        if call.excinfo is not None:
            self.errors.append(call.excinfo.value)
            self.where = self.where or _line(call.excinfo)
        if report.when == "teardown":
            self.answers = [
                value for name, value in report.user_properties if name == "probe" and isinstance(value, dict)
            ]

    @property
    def failure(self) -> BaseException | None:
        """What failed first; ``None`` when the check passed or was left."""
        return next((error for error in self.errors if not isinstance(error, Skipped)), None)

    @property
    def left(self) -> BaseException | None:
        """Why it was left, whatever else failed: who refuses a call makes what follows fail too."""
        refusals = [error for error in self.errors if isinstance(error, Skipped)]
        return refusals[0] if refusals and (self.failure is None or isinstance(refusals[0], NotAllowedError)) else None

    @property
    def trouble(self) -> str | None:
        """What was out of order while this failed: a reason to try once more."""
        if self.failure is None:
            return None
        return trouble_of(self.failure) or trouble_among(self.exchanges)

    @property
    def reached_nobody(self) -> bool:
        return self.failure is not None and is_unreachable(self.failure)


def result(
    attempt: CheckAttempt, *, seconds: float, cents: float, free_to_answer: bool, retried: Retry | None, lenient: bool
) -> CheckResult:
    """The attempt as a report shows it. ``lenient`` where what is out of order for a moment says nothing."""
    item = attempt.item
    parity, source = checks.parity(item)
    outcome, cause, reason, detail = _judged(attempt, free_to_answer=free_to_answer, lenient=lenient)
    failed = attempt.failure is not None and attempt.left is None
    return CheckResult(
        id=checks.check_id(item),
        area=checks.area(item),
        claim=checks.claim(item),
        variant=checks.variant(item),
        parity=parity,
        source=shown_text(source),
        outcome=outcome,
        seconds=round(seconds, 3),
        cents=round(cents, 4),
        cause=cause,
        reason=None if reason is None else shown_text(reason),
        detail=None if detail is None else shown_text(detail),
        failure=_failure(attempt) if failed else None,
        retry=retried,
        answers=tuple(map(_answer, attempt.answers)),
    )


def not_reached(item: pytest.Item, reason: str) -> CheckResult:
    """A check that the run did not come to."""
    parity, source = checks.parity(item)
    return CheckResult(
        id=checks.check_id(item),
        area=checks.area(item),
        claim=checks.claim(item),
        variant=checks.variant(item),
        parity=parity,
        source=source,
        outcome=Outcome.UNCHECKED,
        seconds=0.0,
        cause=Cause.NOT_REACHED,
        reason=reason,
    )


def first_line(error: BaseException) -> str:
    """A failure in short."""
    return shown_text(_message(error).partition("\n")[0], 300)


def _line(raised: pytest.ExceptionInfo[BaseException]) -> str | None:
    """The line of the suite where an attempt ended."""
    folder = checks.suite_folder()
    for entry in reversed(raised.traceback):
        path = Path(entry.path)
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}:{entry.lineno + 1}"
    return None


def _judged(attempt: CheckAttempt, *, free_to_answer: bool, lenient: bool) -> Judgement:
    if attempt.left is not None:
        return _left(attempt.left)
    error = attempt.failure
    if error is None:
        return (Outcome.ANSWERED if free_to_answer else Outcome.HOLDS), None, None, None
    if lenient and (refused := refused_payment(attempt.exchanges)):
        return Outcome.UNCHECKED, Cause.BUDGET, "the account has run out of credits", refused
    if lenient and (trouble := trouble_of(error)):
        return Outcome.UNCHECKED, Cause.UNAVAILABLE, "the target was out of order", trouble
    if isinstance(error, InconclusiveError):
        return Outcome.UNCHECKED, Cause.BROKEN, "the check found nothing out", _message(error)
    if free_to_answer:
        return Outcome.UNCHECKED, Cause.NO_ANSWER, "the question stays open", first_line(error)
    return Outcome.DRIFTED, None, None, None


def _left(left: BaseException) -> Judgement:
    match left:
        case BudgetError():
            return Outcome.UNCHECKED, Cause.BUDGET, left.reason, left.detail
        case LimitError():
            return Outcome.UNCHECKED, Cause.LIMIT, left.reason, left.detail
        case NotAllowedError():
            return Outcome.UNCHECKED, Cause.CANNOT, left.reason, left.detail
        case _:
            return Outcome.UNCHECKED, Cause.CANNOT, str(getattr(left, "msg", None) or left), None


def _failure(attempt: CheckAttempt) -> Failure | None:
    error = attempt.failure
    if error is None:
        return None
    deviation = _deviation(error)
    exchange = (deviation and deviation.exchange) or (attempt.exchanges[-1] if attempt.exchanges else None)
    told = {}
    if deviation is not None:
        told = {
            "claim": shown_text(deviation.claim),
            "expected": shown_value(deviation.expected),
            "seen": shown_value(deviation.seen),
        }
    return Failure(
        message=shown_text(_message(error)),
        where=attempt.where,
        call=shown_call(exchange) if exchange else None,
        calls=tuple(map(shown_call, attempt.exchanges[-SHOWN_CALLS:])),
        **told,
    )


def _deviation(error: BaseException) -> Deviation | None:
    """The first one, of an error that may hold several."""
    if isinstance(error, Deviation):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_deviation, error.exceptions)), None)
    return None


def _message(error: BaseException) -> str:
    """In pytest's and Hypothesis's words, which stand in the error and its notes."""
    text = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
    inner = [_message(each) for each in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return "\n".join([text or "an assertion failed", *inner, *getattr(error, "__notes__", [])])


def _answer(told: dict[str, Any]) -> ReportedAnswer:
    return ReportedAnswer(
        rows=tuple(map(str, told["rows"])), seen=shown_json(told["seen"]), decided=shown_json(told["decided"])
    )
