"""Generates texts that match a regular expression."""

import re
import string
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from ovs_mock.model.seeded_choice import SeededChoice

# Repetitions beyond the minimum, at each attempt.
_EXTRA_REPEATS = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
_TRIES = 4
_LONGEST = 10_000
_PLAIN = string.ascii_letters + string.digits
_PRINTABLE = _PLAIN + string.punctuation + " "
_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def matching_texts(pattern: str, rng: SeededChoice, min_length: int, max_length: float) -> Iterator[str]:
    """Texts that contain a match of ``pattern``, of a length within the limits; none when none is found.

    Look-around is ignored while a text is generated; the text is checked afterwards.
    """
    compiled = re.compile(pattern)
    shortest = len(_write(pattern, rng, 0) or "")
    fitting = [max(0, int(length) - shortest) for length in (min_length, max_length) if length < _LONGEST]
    for extra_repeats in (rng.below(3), *_EXTRA_REPEATS, *fitting):
        for attempt in range(_TRIES):
            text = _write(pattern, rng.at(extra_repeats, attempt), extra_repeats)
            if text is None or (extra_repeats and len(text) > max_length):
                break
            text = text.ljust(min_length, "a")
            if len(text) <= max_length and compiled.search(text):
                yield text


def _write(pattern: str, rng: SeededChoice, extra_repeats: int) -> str | None:
    """A text generated from ``pattern``; ``None`` when it is too long, or the pattern has unsupported parts."""
    # re's parser is not public, but has been stable since Python 2; the alternative is a copy of it.
    parsed = import_module("re._parser").parse(pattern)
    try:
        return _PatternGenerator(rng, extra_repeats).write(parsed)
    except _UnsupportedPatternError:
        return None


class _UnsupportedPatternError(Exception):
    pass


class _PatternGenerator:
    """Generates a text from a parsed pattern: pairs of an operation and its argument."""

    def __init__(self, rng: SeededChoice, extra_repeats: int) -> None:
        self._rng = rng
        self._extra_repeats = extra_repeats
        self._groups: dict[int, str] = {}
        self._choices = 0
        self._length = 0

    def write(self, parsed: Any) -> str:
        return "".join(self._text_for(str(operation), argument) for operation, argument in parsed)

    def _text_for(self, operation: str, argument: Any) -> str:
        match operation:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                return self._counted(self._character(operation, argument))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self._repeated(*argument)
            case "SUBPATTERN":
                return self._group(argument[0], argument[-1])
            case "GROUPREF":
                return self._counted(self._groups.get(argument, ""))
            case "BRANCH":
                return self.write(self._next().pick(argument[1]))
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return ""
            case _:
                raise _UnsupportedPatternError

    def _character(self, operation: str, argument: Any) -> str:
        match operation:
            case "LITERAL":
                return chr(argument)
            case "NOT_LITERAL":
                return self._next().pick([c for c in _PLAIN if c != chr(argument)])
            case "IN":
                return self._one_of(argument)
            case _:
                return self._next().pick(_PLAIN)

    def _repeated(self, least: int, most: Any, parsed: Any) -> str:
        times = min(int(most), least + self._extra_repeats)
        return "".join(self.write(parsed) for _ in range(times))

    def _group(self, number: int | None, parsed: Any) -> str:
        text = self.write(parsed)
        if number is not None:
            self._groups[number] = text
        return text

    def _one_of(self, members: Any) -> str:
        for alphabet in (_PLAIN, _PRINTABLE, "\t\n\u00e9\u4e2d"):
            if possible := [c for c in alphabet if _is_member(c, members)]:
                return self._next().pick(possible)
        operation, argument = members[0]
        if str(operation) not in ("LITERAL", "RANGE"):
            raise _UnsupportedPatternError
        return chr(argument if str(operation) == "LITERAL" else argument[0])

    def _next(self) -> SeededChoice:
        self._choices += 1
        return self._rng.at(self._choices)

    def _counted(self, text: str) -> str:
        self._length += len(text)
        if self._length > _LONGEST:
            raise _UnsupportedPatternError
        return text


def _is_member(character: str, members: Any) -> bool:
    """Whether a character is in a set such as ``[^a-z\\d]``."""
    negated = str(members[0][0]) == "NEGATE"
    return negated != any(_matches_member(character, str(operation), argument) for operation, argument in members)


def _matches_member(character: str, operation: str, argument: Any) -> bool:
    match operation:
        case "LITERAL":
            return ord(character) == int(argument)
        case "RANGE":
            return int(argument[0]) <= ord(character) <= int(argument[1])
        case "CATEGORY":
            return re.match(_CATEGORIES[str(argument)], character) is not None
        case _:
            return False
