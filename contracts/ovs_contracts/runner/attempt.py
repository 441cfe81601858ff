"""One attempt at a check, and the result that a report shows of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.outcomes import Skipped

from ovs_contracts.report.encode import redacted_json, redacted_text, reported_call, value_text
from ovs_contracts.report.model import Cause, CheckResult, Failure, Outcome, ReportedAnswer, Retry
from ovs_contracts.runner.checks import Check, suite_folder
from ovs_contracts.runner.transient_errors import error_status, is_unreachable, payment_required, transient_error
from ovs_contracts.safety.errors import BudgetError, LimitError, NotAllowedError
from ovs_contracts.transport.exchange import Deviation, Exchange, InconclusiveError

SHOWN_CALLS = 8

Classification = tuple[Outcome, Cause | None, str | None, str | None]
"""Outcome, cause, the reason and its detail."""


@dataclass(slots=True)
class CheckAttempt:
    """What pytest reports of one attempt, phase by phase: setup, call, teardown."""

    errors: list[BaseException] = field(default_factory=list)
    where: str | None = None
    """The line of the suite where it failed first."""
    exchanges: list[Exchange] = field(default_factory=list)
    """The calls that the check made."""
    answers: list[dict[str, Any]] = field(default_factory=list)

    def add_phase(self, call: pytest.CallInfo[Any], report: pytest.TestReport) -> None:
        """Record how a phase ended."""
        if call.excinfo is not None:
            self.errors.append(call.excinfo.value)
            self.where = self.where or _suite_line(call.excinfo)
        if report.when == "teardown":
            self.answers = [
                value for name, value in report.user_properties if name == "probe" and isinstance(value, dict)
            ]

    @property
    def failure(self) -> BaseException | None:
        """The first error that is no skip."""
        return next((error for error in self.errors if not isinstance(error, Skipped)), None)

    @property
    def skip(self) -> BaseException | None:
        """Why the check was skipped. A refused call counts although it makes the check fail afterwards."""
        skips = [error for error in self.errors if isinstance(error, Skipped)]
        return skips[0] if skips and (self.failure is None or isinstance(skips[0], NotAllowedError)) else None

    @property
    def transient_error(self) -> str | None:
        """What was out of order while the check failed: a reason to try it once more."""
        if self.failure is None or self.skip is not None:
            return None
        return transient_error(self.failure) or error_status(self.exchanges)

    @property
    def is_unreachable(self) -> bool:
        """Whether the check failed because nothing answered."""
        return self.failure is not None and is_unreachable(self.failure)

    def result(
        self, check: Check, *, seconds: float, cents: float, open_question: bool, retry: Retry | None, lenient: bool
    ) -> CheckResult:
        """The attempt as a report shows it.

        Where the target is ``lenient``, an error that lasts a moment says nothing. An ``open_question`` has no wrong
        answer.
        """
        outcome, cause, reason, detail = self._classify(open_question=open_question, lenient=lenient)
        return check_result(
            check,
            outcome,
            seconds=round(seconds, 3),
            cents=round(cents, 4),
            cause=cause,
            reason=None if reason is None else redacted_text(reason),
            detail=None if detail is None else redacted_text(detail),
            failure=self._reported_failure(self.failure) if self.failure and self.skip is None else None,
            retry=retry,
            answers=tuple(map(_answer, self.answers)),
        )

    def _classify(self, *, open_question: bool, lenient: bool) -> Classification:
        if self.skip is not None:
            return _skipped(self.skip)
        error = self.failure
        if error is None:
            return (Outcome.ANSWERED if open_question else Outcome.HOLDS), None, None, None
        if lenient and (refused := payment_required(self.exchanges)):
            return Outcome.UNCHECKED, Cause.BUDGET, "the account has run out of credits", refused
        if lenient and (trouble := transient_error(error)):
            return Outcome.UNCHECKED, Cause.UNAVAILABLE, "the target was out of order", trouble
        if isinstance(error, InconclusiveError):
            return Outcome.UNCHECKED, Cause.BROKEN, "the check found nothing out", _message(error)
        if open_question:
            return Outcome.UNCHECKED, Cause.NO_ANSWER, "the question stays open", first_line(error)
        return Outcome.DRIFTED, None, None, None

    def _reported_failure(self, error: BaseException) -> Failure:
        deviation = _deviation(error)
        exchange = (deviation and deviation.exchange) or (self.exchanges[-1] if self.exchanges else None)
        return Failure(
            message=redacted_text(_message(error)),
            claim=redacted_text(deviation.claim) if deviation else None,
            expected=value_text(deviation.expected) if deviation else None,
            seen=value_text(deviation.seen) if deviation else None,
            where=self.where,
            call=reported_call(exchange) if exchange else None,
            calls=tuple(map(reported_call, self.exchanges[-SHOWN_CALLS:])),
        )


def check_result(check: Check, outcome: Outcome, *, seconds: float = 0.0, **more: Any) -> CheckResult:
    """The result of a check, with what the check says about itself."""
    return CheckResult(
        id=check.id,
        area=check.area,
        claim=check.claim,
        variant=check.variant,
        parity=check.parity,
        source=redacted_text(check.source),
        outcome=outcome,
        seconds=seconds,
        **more,
    )


def first_line(error: BaseException) -> str:
    """A failure in short."""
    return redacted_text(_message(error).partition("\n")[0], 300)


def _suite_line(raised: pytest.ExceptionInfo[BaseException]) -> str | None:
    folder = suite_folder()
    for entry in reversed(raised.traceback):
        path = Path(entry.path)
        if path.is_relative_to(folder):
            return f"{path.relative_to(folder).as_posix()}:{entry.lineno + 1}"
    return None


def _skipped(skip: BaseException) -> Classification:
    if not isinstance(skip, NotAllowedError):
        return Outcome.UNCHECKED, Cause.CANNOT, str(getattr(skip, "msg", None) or skip), None
    causes = {BudgetError: Cause.BUDGET, LimitError: Cause.LIMIT}
    return Outcome.UNCHECKED, causes.get(type(skip), Cause.CANNOT), skip.reason, skip.detail


def _deviation(error: BaseException) -> Deviation | None:
    """The first one, of an error that may hold several."""
    if isinstance(error, Deviation):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_deviation, error.exceptions)), None)
    return None


def _message(error: BaseException) -> str:
    """The message with the notes that pytest and Hypothesis add to an error."""
    text = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
    inner = [_message(each) for each in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return "\n".join([text or "an assertion failed", *inner, *getattr(error, "__notes__", [])])


def _answer(answer: dict[str, Any]) -> ReportedAnswer:
    return ReportedAnswer(
        rows=tuple(map(str, answer["rows"])),
        seen=redacted_json(answer["seen"]),
        decided=redacted_json(answer["decided"]),
    )
