"""The conditions of ``ScriptedModel.when``, and why a question does not meet one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, get_args

from ovs_mock.engine.inference import Mode
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.question import Endpoint, Question, Version

QuestionPredicate: TypeAlias = Callable[[Question], bool]
FramesCondition: TypeAlias = int | Callable[[tuple[FrameView, ...]], bool]
"""The number of frames, or a function that takes the frames and returns whether the question matches."""

MAX_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Condition:
    """``description`` says what is required, ``actual`` what a question has instead."""

    description: str
    holds: QuestionPredicate
    actual: Callable[[Question], str]

    def mismatch(self, question: Question) -> str:
        """Why a question does not meet the condition."""
        return f"{self.description}, but {self.actual(question)}"


def conditions(
    *,
    prompt: str | re.Pattern[str] | None = None,
    model: str | None = None,
    mode: Mode | None = None,
    version: Version | None = None,
    endpoint: Endpoint | None = None,
    stream_id: str | None = None,
    frames: FramesCondition | None = None,
    where: QuestionPredicate | None = None,
) -> tuple[Condition, ...]:
    """The conditions that are given. TypeError and ValueError for those that no question can meet."""
    if prompt is not None and not isinstance(prompt, str | re.Pattern):
        raise TypeError(f"prompt={prompt!r}: give a part of the prompt, or a compiled regular expression")
    _check_choice("mode", mode, get_args(Mode))
    _check_choice("version", version, get_args(Version))
    _check_choice("endpoint", endpoint, get_args(Endpoint))
    _check_frames(frames)
    if where is not None and not callable(where):
        raise TypeError(f"where={where!r}: give a function that takes the question and returns True or False")
    equal = {"model": model, "mode": mode, "version": version, "endpoint": endpoint}
    given = [
        None if prompt is None else _prompt_contains(prompt),
        *(None if value is None else _attribute_is(name, value) for name, value in equal.items()),
        None if stream_id is None else _stream_is(stream_id),
        None if frames is None else _frames_match(frames),
        None if where is None else _predicate_holds(where),
    ]
    return tuple(condition for condition in given if condition is not None)


def quoted(text: str) -> str:
    """A text in quotes, shortened when it is long."""
    return repr(text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…")


def _prompt_contains(wanted: str | re.Pattern[str]) -> Condition:
    def holds(question: Question) -> bool:
        return wanted in question.prompt if isinstance(wanted, str) else wanted.search(question.prompt) is not None

    description = quoted(wanted) if isinstance(wanted, str) else f"a match of {wanted.pattern!r}"
    return Condition(f"the prompt has {description}", holds, lambda question: f"it is {quoted(question.prompt)}")


def _attribute_is(name: str, wanted: str) -> Condition:
    return Condition(
        f"{name} is {wanted!r}", lambda q: bool(getattr(q, name) == wanted), lambda q: f"it is {getattr(q, name)!r}"
    )


def _stream_is(stream_id: str) -> Condition:
    def actual(question: Question) -> str:
        return f"they come from {', '.join(question.stream_ids) or 'no stream'}"

    return Condition(f"frames come from stream {stream_id}", lambda q: stream_id in q.stream_ids, actual)


def _frames_match(wanted: FramesCondition) -> Condition:
    def actual(question: Question) -> str:
        return f"there are {len(question.frames)}"

    if isinstance(wanted, int):
        return Condition(f"there are {wanted} frames", lambda q: len(q.frames) == wanted, actual)
    return Condition(f"frames meet {_name(wanted)}", lambda q: wanted(q.frames), lambda q: f"{actual(q)} that do not")


def _predicate_holds(where: QuestionPredicate) -> Condition:
    return Condition(f"the question meets {_name(where)}", where, lambda _: "it does not")


def _name(function: object) -> str:
    return str(getattr(function, "__qualname__", function)).rpartition(".<locals>.")[2]


def _check_choice(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise ValueError(f"{name}={value!r}: the {name}s are {', '.join(map(repr, known))}")


def _check_frames(frames: object) -> None:
    if isinstance(frames, bool) or not (frames is None or isinstance(frames, int) or callable(frames)):
        raise TypeError(
            f"frames={frames!r}: give their number, or a function that takes them and returns True or False"
        )
    if isinstance(frames, int) and frames < 0:
        raise ValueError(f"frames={frames}: there are never fewer than none")
