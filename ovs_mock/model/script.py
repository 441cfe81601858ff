"""Which reply a question gets: the rules that a test has set."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, get_args

from ovs_mock.engine.inference import Mode
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.question import Question
from ovs_mock.model.replier import Replier
from ovs_mock.model.reply import Reply

Condition: TypeAlias = Callable[[Question], bool]
FramesCondition: TypeAlias = int | Callable[[tuple[FrameView, ...]], bool]
"""How many frames there are, or a function that takes them and returns whether they are meant."""


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
    mode: Mode | None = None,
    stream_id: str | None = None,
    frames: FramesCondition | None = None,
    where: Condition | None = None,
) -> tuple[Condition, ...]:
    """The conditions that were given. TypeError and ValueError for such as can never be met."""
    if prompt is not None and not isinstance(prompt, str | re.Pattern):
        raise TypeError(f"prompt={prompt!r}: give a part of the prompt, or a compiled regular expression")
    if mode not in (None, *get_args(Mode)):
        raise ValueError(f"mode={mode!r}: the modes are {', '.join(map(repr, get_args(Mode)))}")
    _check_frames(frames)
    if where is not None and not callable(where):
        raise TypeError(f"where={where!r}: give a function that takes the question and returns True or False")
    chosen = (
        None if prompt is None else _prompt_has(prompt),
        None if model is None else lambda question: question.model == model,
        None if mode is None else lambda question: question.mode == mode,
        None if stream_id is None else lambda question: stream_id in question.stream_ids,
        None if frames is None else _frames_are(frames),
        where,
    )
    return tuple(condition for condition in chosen if condition is not None)


def _prompt_has(wanted: str | re.Pattern[str]) -> Condition:
    if isinstance(wanted, str):
        return lambda question: wanted in question.prompt
    return lambda question: wanted.search(question.prompt) is not None


def _check_frames(frames: object) -> None:
    if isinstance(frames, bool) or not (frames is None or isinstance(frames, int) or callable(frames)):
        raise TypeError(
            f"frames={frames!r}: give their number, or a function that takes them and returns True or False"
        )
    if isinstance(frames, int) and frames < 0:
        raise ValueError(f"frames={frames}: there are never fewer than none")


def _frames_are(wanted: FramesCondition) -> Condition:
    if isinstance(wanted, int):
        return lambda question: len(question.frames) == wanted
    return lambda question: wanted(question.frames)
