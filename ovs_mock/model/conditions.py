"""What a script may ask of a question, and why a question does not meet it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, get_args

from ovs_mock.engine.inference import Mode
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.question import Endpoint, Question, Version

Where: TypeAlias = Callable[[Question], bool]
FramesCondition: TypeAlias = int | Callable[[tuple[FrameView, ...]], bool]
"""How many frames there are, or a function that takes them and returns whether they are meant."""

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Condition:
    """``wants`` says it in words, ``seen`` what a question has instead."""

    wants: str
    holds: Where
    seen: Callable[[Question], str]

    def unmet(self, question: Question) -> str:
        """Why a question does not meet it."""
        return f"{self.wants}, but {self.seen(question)}"


def conditions(
    *,
    prompt: str | re.Pattern[str] | None = None,
    model: str | None = None,
    mode: Mode | None = None,
    version: Version | None = None,
    endpoint: Endpoint | None = None,
    stream_id: str | None = None,
    frames: FramesCondition | None = None,
    where: Where | None = None,
) -> tuple[Condition, ...]:
    """The conditions that were given. TypeError and ValueError for such as can never be met."""
    if prompt is not None and not isinstance(prompt, str | re.Pattern):
        raise TypeError(f"prompt={prompt!r}: give a part of the prompt, or a compiled regular expression")
    _check_choice("mode", mode, get_args(Mode))
    _check_choice("version", version, get_args(Version))
    _check_choice("endpoint", endpoint, get_args(Endpoint))
    _check_frames(frames)
    if where is not None and not callable(where):
        raise TypeError(f"where={where!r}: give a function that takes the question and returns True or False")
    chosen = (
        None if prompt is None else _prompt_has(prompt),
        None if model is None else _equals("model", model, lambda question: question.model),
        None if mode is None else _equals("mode", mode, lambda question: question.mode),
        None if version is None else _equals("version", version, lambda question: question.version),
        None if endpoint is None else _equals("endpoint", endpoint, lambda question: question.endpoint),
        None if stream_id is None else _comes_from(stream_id),
        None if frames is None else _frames_are(frames),
        None if where is None else _meets(where),
    )
    return tuple(condition for condition in chosen if condition is not None)


def shown(text: str) -> str:
    """A text in quotes, cut where it gets long."""
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _prompt_has(wanted: str | re.Pattern[str]) -> Condition:
    def holds(question: Question) -> bool:
        return wanted in question.prompt if isinstance(wanted, str) else wanted.search(question.prompt) is not None

    said = shown(wanted) if isinstance(wanted, str) else f"a match of {wanted.pattern!r}"
    return Condition(f"the prompt has {said}", holds, lambda question: f"it is {shown(question.prompt)}")


def _equals(name: str, wanted: str, of: Callable[[Question], str]) -> Condition:
    return Condition(f"{name} is {wanted!r}", lambda q: of(q) == wanted, lambda q: f"it is {of(q)!r}")


def _comes_from(stream_id: str) -> Condition:
    def seen(question: Question) -> str:
        return f"they come from {', '.join(question.stream_ids) or 'no stream'}"

    return Condition(f"frames come from stream {stream_id}", lambda q: stream_id in q.stream_ids, seen)


def _frames_are(wanted: FramesCondition) -> Condition:
    def seen(question: Question) -> str:
        return f"there are {len(question.frames)}"

    if isinstance(wanted, int):
        return Condition(f"there are {wanted} frames", lambda q: len(q.frames) == wanted, seen)
    return Condition(f"frames meet {_name(wanted)}", lambda q: wanted(q.frames), lambda q: f"{seen(q)} that do not")


def _meets(where: Where) -> Condition:
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
