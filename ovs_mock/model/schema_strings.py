"""Strings that a schema may allow, likely ones first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ovs_mock.model.schema_patterns import matching_texts
from ovs_mock.model.seeded_choice import SeededChoice

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima")
# Longer strings than this are not made.
_LONGEST = 100_000


def strings(schema: Mapping[str, Any], chance: SeededChoice, preferred: str | None = None) -> Iterator[str]:
    """Strings for a schema's pattern, format and lengths; ``preferred`` if it is free text."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    if shortest > min(longest, _LONGEST):
        return
    if "pattern" in schema:
        yield from matching_texts(schema["pattern"], chance.at("pattern"), int(shortest), longest)
    if schema.get("format") in FORMATS:
        yield from (FORMATS[schema["format"]](chance.at("format", attempt)) for attempt in range(4))
    for text in (preferred, *chance.rotated(WORDS)):
        if text is not None:
            yield _of_length(text, int(shortest), longest)


def _of_length(text: str, shortest: int, longest: float) -> str:
    if len(text) < shortest:
        text = (text + " ") * (shortest // (len(text) + 1)) + text
    return text if len(text) <= longest else text[: max(shortest, int(longest))].rstrip().ljust(shortest, ".")


def _date(chance: SeededChoice) -> str:
    return f"20{10 + chance.below(20)}-{1 + chance.at('m').below(12):02}-{1 + chance.at('d').below(28):02}"


def _time(chance: SeededChoice) -> str:
    return f"{chance.below(24):02}:{chance.at('m').below(60):02}:{chance.at('s').below(60):02}Z"


def _uuid(chance: SeededChoice) -> str:
    digits = chance.hexadecimal(30)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:30]}"


def _word(chance: SeededChoice) -> str:
    return chance.pick(WORDS)


FORMATS: dict[str, Callable[[SeededChoice], str]] = {
    "date": _date,
    "time": _time,
    "date-time": lambda chance: f"{_date(chance)}T{_time(chance)}",
    "duration": lambda chance: f"PT{1 + chance.below(59)}S",
    "email": lambda chance: f"{_word(chance)}@example.com",
    "idn-email": lambda chance: f"{_word(chance)}@example.com",
    "hostname": lambda chance: f"{_word(chance)}.example.com",
    "idn-hostname": lambda chance: f"{_word(chance)}.example.com",
    "ipv4": lambda chance: f"192.0.2.{1 + chance.below(254)}",
    "ipv6": lambda chance: f"2001:db8::{1 + chance.below(9999)}",
    "uri": lambda chance: f"https://example.com/{_word(chance)}",
    "uri-reference": lambda chance: f"/{_word(chance)}",
    "uri-template": lambda chance: f"https://example.com/{_word(chance)}",
    "iri": lambda chance: f"https://example.com/{_word(chance)}",
    "iri-reference": lambda chance: f"/{_word(chance)}",
    "uuid": _uuid,
    "json-pointer": lambda chance: f"/{_word(chance)}",
    "relative-json-pointer": lambda chance: f"0/{_word(chance)}",
    "regex": lambda chance: f"^{_word(chance)}$",
    "color": lambda chance: f"#{chance.hexadecimal(6)}",
}
"""A maker for each format that JSON Schema knows. Other formats mean nothing, and any string will do."""
