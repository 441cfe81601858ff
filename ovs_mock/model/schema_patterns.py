"""Texts that match a regular expression."""

import re
import string
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from ovs_mock.model.seeded_choice import SeededChoice

# How often more than needed a repetition is repeated, at each try.
_STRETCHES = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256)
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


def matching_texts(pattern: str, chance: SeededChoice, min_length: int, max_length: float) -> Iterator[str]:
    """Texts in which ``pattern`` is found, of a length within the limits; none when none was found.

    Look-around is not understood, only tried: texts are made as if it were not there, and checked.
    """
    compiled = re.compile(pattern)
    shortest = len(_write(pattern, chance, 0) or "")
    fitting = [max(0, int(length) - shortest) for length in (min_length, max_length) if length < _LONGEST]
    for stretch in (chance.below(3), *_STRETCHES, *fitting):
        for attempt in range(_TRIES):
            text = _write(pattern, chance.at(stretch, attempt), stretch)
            if text is None or (stretch and len(text) > max_length):
                break
            text = text.ljust(min_length, "a")
            if len(text) <= max_length and compiled.search(text):
                yield text


def _write(pattern: str, chance: SeededChoice, stretch: int) -> str | None:
    """A text made after ``pattern``; ``None`` when it would be too long, or has what cannot be written."""
    # The parser of re is not public, but has kept its form since Python 2; without it, only a copy of it would do.
    parsed = import_module("re._parser").parse(pattern)
    try:
        return _PatternGenerator(chance, stretch).write(parsed)
    except _TooHardError:
        return None


class _TooHardError(Exception):
    pass


class _PatternGenerator:
    """Writes a text after a parsed pattern: pairs of an operation and its argument."""

    def __init__(self, chance: SeededChoice, stretch: int) -> None:
        self._chance = chance
        self._stretch = stretch
        self._groups: dict[int, str] = {}
        self._choices = 0
        self._length = 0

    def write(self, parsed: Any) -> str:
        return "".join(self._piece(str(operation), argument) for operation, argument in parsed)

    def _piece(self, operation: str, argument: Any) -> str:
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
                raise _TooHardError

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
        times = min(int(most), least + self._stretch)
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
            raise _TooHardError
        return chr(argument if str(operation) == "LITERAL" else argument[0])

    def _next(self) -> SeededChoice:
        self._choices += 1
        return self._chance.at(self._choices)

    def _counted(self, text: str) -> str:
        self._length += len(text)
        if self._length > _LONGEST:
            raise _TooHardError
        return text


def _is_member(character: str, members: Any) -> bool:
    """Whether a character is in a set such as ``[^a-z\\d]``."""
    negated = str(members[0][0]) == "NEGATE"
    return negated != any(_is_meant(character, str(operation), argument) for operation, argument in members)


def _is_meant(character: str, operation: str, argument: Any) -> bool:
    match operation:
        case "LITERAL":
            return ord(character) == int(argument)
        case "RANGE":
            return int(argument[0]) <= ord(character) <= int(argument[1])
        case "CATEGORY":
            return re.match(_CATEGORIES[str(argument)], character) is not None
        case _:
            return False
