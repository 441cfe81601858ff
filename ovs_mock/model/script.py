"""The rules of a scripted model, which decide the reply that a question gets."""

import threading
from dataclasses import dataclass, field

from ovs_mock.model.callback import ReplyCallback
from ovs_mock.model.conditions import Condition, quoted
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

MAX_EXPLAINED_RULES = 3
MAX_UNMATCHED = 100


@dataclass(eq=False)
class ReplyRule:
    """Replies for the questions that meet all conditions. ``ScriptedModel.reply`` and ``when().reply`` return one.

    ``str()`` describes the rule.

    Attributes:
        conditions: All must hold; none for a rule that matches every question.
        replies: Sent one after the other; the last one repeats.
        times: Maximum number of questions to answer; ``None`` for no maximum.
        optional: Whether a test may end without having used the rule as often as ``expected``.
        used: How many questions it has answered.
    """

    conditions: tuple[Condition, ...]
    replies: tuple[Reply | ReplyCallback, ...]
    times: int | None
    optional: bool = False
    used: int = field(default=0, init=False)

    def __str__(self) -> str:
        description = " and ".join(condition.description for condition in self.conditions) or "any question"
        return f"{description} → {'; '.join(map(_describe_reply, self.replies))}"

    def matches(self, question: Question) -> bool:
        """Whether a question meets all conditions."""
        return all(condition.holds(question) for condition in self.conditions)

    def mismatches(self, question: Question) -> list[str]:
        """Why a question does not match."""
        return [condition.mismatch(question) for condition in self.conditions if not condition.holds(question)]

    @property
    def is_exhausted(self) -> bool:
        """Whether it has answered ``times`` questions."""
        return self.times is not None and self.used >= self.times

    @property
    def expected(self) -> int:
        """Minimum number of questions that it should answer: ``times``, else one for each reply; 0 when optional."""
        return 0 if self.optional else self.times or len(self.replies)

    def next_reply(self) -> Reply | ReplyCallback:
        """The next reply, which counts as used."""
        reply = self.replies[min(self.used, len(self.replies) - 1)]
        self.used += 1
        return reply


class ReplyRules:
    """All rules. Those with conditions precede those without; then newer rules precede older ones.

    May be used from several threads.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        """Held by those who need the rules to stay as they are."""
        self._rules: list[ReplyRule] = []
        self._unmatched: list[tuple[Question, str]] = []

    def add(self, rule: ReplyRule) -> None:
        with self.lock:
            self._rules.insert(0, rule)
            self._rules.sort(key=lambda rule: not rule.conditions)

    def clear(self) -> None:
        with self.lock:
            self._rules.clear()
            self._unmatched.clear()

    @property
    def is_empty(self) -> bool:
        """Whether there are no rules."""
        return not self._rules

    @property
    def has_callbacks(self) -> bool:
        """Whether some reply is a function, which may take time."""
        return any(not isinstance(reply, Reply) for rule in self._rules for reply in rule.replies)

    def consume(self, question: Question) -> Reply | ReplyCallback | None:
        """The next reply of the first rule that matches and is not exhausted; ``None`` when there is no such rule."""
        with self.lock:
            rule = next((rule for rule in self._rules if not rule.is_exhausted and rule.matches(question)), None)
            if rule is None and self._rules and len(self._unmatched) < MAX_UNMATCHED:
                self._unmatched.append((question.without_pixels(), self._explain(question)))
            return rule.next_reply() if rule else None

    def unused(self) -> list[ReplyRule]:
        """Rules that answered fewer questions than expected, oldest first."""
        with self.lock:
            return [rule for rule in reversed(self._rules) if rule.used < rule.expected]

    def unmatched(self) -> list[tuple[Question, str]]:
        """Questions that no rule matched, each with the nearest rules and why they do not match."""
        with self.lock:
            return list(self._unmatched)

    def _explain(self, question: Question) -> str:
        lines = [f"{question.version} {question.endpoint} asked {question.model} {quoted(question.prompt)}"]
        mismatches = sorted(((rule.mismatches(question), rule) for rule in self._rules), key=lambda pair: len(pair[0]))
        for reasons, rule in mismatches[:MAX_EXPLAINED_RULES]:
            exhausted = f"it was for {rule.times} questions, and they have been asked"
            lines.append(f"  not {rule}: {'; '.join(reasons) or exhausted}")
        return "\n".join(lines)


def _describe_reply(reply: Reply | ReplyCallback) -> str:
    if not isinstance(reply, Reply):
        return f"{getattr(reply, '__name__', reply)}()"
    return quoted(reply.error if reply.error is not None else reply.text or "a reply")
