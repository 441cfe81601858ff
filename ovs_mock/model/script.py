"""Which reply a question gets: the rules that a test has set."""

import threading
from dataclasses import dataclass, field

from ovs_mock.model.callback import Replier
from ovs_mock.model.conditions import Condition, shown
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply
from ovs_mock.util.tracebacks import is_user_error

__tracebackhide__ = is_user_error

NEAREST = 3
UNMATCHED = 100


@dataclass(eq=False)
class ReplyRule:
    """Replies for the questions that meet all conditions: in order, and then the last one again and again.

    ``times`` limits how many questions are answered; after that the rule is as good as gone. A rule that has not been
    used as often as it was meant to be is a mistake of the test, unless it is ``optional``.
    """

    conditions: tuple[Condition, ...]
    replies: tuple[Reply | Replier, ...]
    times: int | None
    optional: bool = False
    used: int = field(default=0, init=False)
    """How many questions it has answered."""

    def __str__(self) -> str:
        wants = " and ".join(condition.wants for condition in self.conditions) or "any question"
        return f"{wants} → {'; '.join(map(_said, self.replies))}"

    def meets(self, question: Question) -> bool:
        return all(condition.holds(question) for condition in self.conditions)

    def unmet(self, question: Question) -> list[str]:
        """Why a question is not this rule's."""
        return [condition.unmet(question) for condition in self.conditions if not condition.holds(question)]

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    @property
    def expected(self) -> int:
        """How many questions it should answer at least."""
        return 0 if self.optional else self.times or len(self.replies)

    def take(self) -> Reply | Replier:
        """The next reply."""
        reply = self.replies[min(self.used, len(self.replies) - 1)]
        self.used += 1
        return reply


class ReplyRules:
    """All rules. Those with conditions go before those without, and newer ones before older ones.

    Safe to use from several threads.
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
        return not self._rules

    @property
    def has_functions(self) -> bool:
        """Whether some reply is a function, which may take time."""
        return any(not isinstance(reply, Reply) for rule in self._rules for reply in rule.replies)

    def take(self, question: Question) -> Reply | Replier | None:
        """The reply of the first rule that has one for the question."""
        with self.lock:
            rule = next((rule for rule in self._rules if not rule.spent and rule.meets(question)), None)
            if rule is None and self._rules and len(self._unmatched) < UNMATCHED:
                self._unmatched.append((question.without_pixels(), self._explained(question)))
            return rule.take() if rule else None

    def unused(self) -> list[ReplyRule]:
        """Rules that answered fewer questions than they were meant to, oldest first."""
        with self.lock:
            return [rule for rule in reversed(self._rules) if rule.used < rule.expected]

    def unmatched(self) -> list[tuple[Question, str]]:
        """Questions that no rule was for, each with the nearest rules and why they were not."""
        with self.lock:
            return list(self._unmatched)

    def _explained(self, question: Question) -> str:
        asked = f"{question.version} {question.endpoint} asked {question.model} {shown(question.prompt)}"
        judged = sorted(((rule.unmet(question), rule) for rule in self._rules), key=lambda pair: len(pair[0]))
        return "\n".join([asked, *(f"  not {rule}: {_why(unmet, rule)}" for unmet, rule in judged[:NEAREST])])


def _why(unmet: list[str], rule: ReplyRule) -> str:
    return "; ".join(unmet) or f"it was for {rule.times} questions, and they have been asked"


def _said(reply: Reply | Replier) -> str:
    if not isinstance(reply, Reply):
        return f"{getattr(reply, '__name__', reply)}()"
    return shown(reply.error if reply.error is not None else reply.text or "a reply")
