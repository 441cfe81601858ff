"""Which reply a question gets: the rules that a test has set."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ovs_mock.model.question import Question
from ovs_mock.model.reply import Replier, Reply

Condition = Callable[[Question], bool]


@dataclass(eq=False)
class Rule:
    """Replies for the questions that meet all conditions: in order, and then the last one again and again.

    ``times`` limits how many questions are answered; after that the rule is as good as gone.
    """

    conditions: tuple[Condition, ...]
    replies: tuple[Reply | Replier, ...]
    times: int | None
    used: int = field(default=0, init=False)
    """How many questions it has answered."""

    def meets(self, question: Question) -> bool:
        return all(condition(question) for condition in self.conditions)

    @property
    def spent(self) -> bool:
        return self.times is not None and self.used >= self.times

    def take(self) -> Reply | Replier:
        """The next reply."""
        reply = self.replies[min(self.used, len(self.replies) - 1)]
        self.used += 1
        return reply


class Script:
    """All rules. Those with conditions go before those without, and newer ones before older ones.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        with self._lock:
            self._rules.insert(0, rule)
            self._rules.sort(key=lambda rule: not rule.conditions)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def take(self, question: Question) -> Reply | Replier | None:
        """The reply of the first rule that has one for the question."""
        with self._lock:
            rule = next((rule for rule in self._rules if not rule.spent and rule.meets(question)), None)
            return rule.take() if rule else None


def conditions(
    *,
    prompt: str | re.Pattern[str] | None = None,
    model: str | None = None,
    mode: Literal["clip", "frame"] | None = None,
    stream_id: str | None = None,
    where: Condition | None = None,
) -> tuple[Condition, ...]:
    """The conditions that were given. TypeError and ValueError for such as can never be met."""
    if prompt is not None and not isinstance(prompt, str | re.Pattern):
        raise TypeError(f"prompt={prompt!r}: give a part of the prompt, or a compiled regular expression")
    if mode not in (None, "clip", "frame"):
        raise ValueError(f"mode={mode!r}: the modes are 'clip' and 'frame'")
    if where is not None and not callable(where):
        raise TypeError(f"where={where!r}: give a function that takes the question and returns True or False")
    chosen = (
        None if prompt is None else _prompt_has(prompt),
        None if model is None else lambda question: question.model == model,
        None if mode is None else lambda question: question.mode == mode,
        None if stream_id is None else lambda question: question.stream_id == stream_id,
        where,
    )
    return tuple(condition for condition in chosen if condition is not None)


def _prompt_has(wanted: str | re.Pattern[str]) -> Condition:
    if isinstance(wanted, str):
        return lambda question: wanted in question.prompt
    return lambda question: wanted.search(question.prompt) is not None
