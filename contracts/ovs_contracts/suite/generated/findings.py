"""What generated calls brought to light, and how a report shows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schemathesis.core.failures import CustomFailure, Failure

from ovs_contracts.transport.exchange import Deviation, Exchange, InconclusiveError
from ovs_contracts.transport.redaction import redacted

MOST_SHOWN = 5

# What each check of schemathesis demands.
EXPECTED = {
    "not_a_server_error": "no 5xx",
    "status_code_conformance": "a status that the contract describes",
    "content_type_conformance": "a content type that the contract describes",
    "response_headers_conformance": "the headers that the contract describes",
    "response_schema_conformance": "a body as the contract describes it",
    "negative_data_rejection": "a refusal of what the contract does not allow",
    "positive_data_acceptance": "acceptance of what the contract allows",
    "missing_required_header": "a refusal without a header that is required",
    "unsupported_method": "405 with an Allow header",
    "allow_header_conformance": "an Allow header with the methods of the contract",
    "use_after_free": "404 for what has been deleted",
    "ensure_resource_availability": "what has been created is there",
    "ignored_auth": "401 without a valid key",
    "object_level_authorization": "404 for what is another user's",
}


class GenerationError(InconclusiveError):
    """Calls could not be generated, or did not reach the target: nothing was found out."""


@dataclass(frozen=True)
class Finding:
    """An answer that is not as it should be."""

    operation: str
    check: str
    failure: Failure
    exchange: Exchange
    before: tuple[Exchange, ...] = ()
    """The calls that led there, the first one first."""

    @property
    def size(self) -> tuple[int, int]:
        """Of two findings that say the same, the smaller one is easier to read."""
        return len(self.before), len(self.exchange.call.body) + len(self.exchange.call.url)

    def deviation(self) -> Deviation:
        if isinstance(self.failure, CustomFailure) and isinstance(self.failure.exception, Deviation):
            ours = self.failure.exception
            return Deviation(ours.claim, expected=ours.expected, seen=ours.seen, exchange=self.exchange)
        said = " ".join(self.failure.message.split()) or self.failure.title
        seen = redacted(f"{self.exchange.status}: {said[:300]}; {self.exchange.text[:200]}")
        claim = f"{self.operation}: {self.failure.title}"
        return Deviation(claim, expected=EXPECTED.get(self.check, self.check), seen=seen, exchange=self.exchange)


@dataclass
class Findings:
    """Of one run over one version."""

    cases: Counter[str] = field(default_factory=Counter)
    """How many calls each operation got."""
    tolerated: Counter[str] = field(default_factory=Counter)
    """How often each allowance was needed."""
    errors: list[str] = field(default_factory=list)
    refusal: BaseException | None = None
    """Why the run ended early."""
    found: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    """The smallest of each kind."""

    def add(self, finding: Finding) -> None:
        kind = (finding.operation, finding.check, finding.failure.title)
        known = self.found.get(kind)
        if known is None or finding.size < known.size:
            self.found[kind] = finding

    def hold(self, operation: str | None = None) -> None:
        """A Deviation when something was found about the operation, or about any when none is named."""
        mine = [each for each in self.found.values() if operation in (None, each.operation)]
        if mine:
            raise told(mine)
        if self.refusal:
            raise self.refusal
        errors = [error for error in self.errors if operation is None or error.startswith((operation, "*"))]
        if errors:
            raise GenerationError("\n".join(errors))
        if not (self.cases[operation] if operation else self.cases):
            raise GenerationError(f"no call was made{f' of {operation}' if operation else ''}")


def told(findings: Sequence[Finding]) -> Deviation:
    """The first finding, with the others as notes."""
    first, *others = findings
    deviation = first.deviation()
    for number, earlier in enumerate(first.before, 1):
        deviation.add_note(f"after {number}: {earlier.call.curl()}")
    for other in others[:MOST_SHOWN]:
        deviation.add_note(f"also: {other.deviation()}")
    if len(others) > MOST_SHOWN:
        deviation.add_note(f"and {len(others) - MOST_SHOWN} more")
    return deviation
