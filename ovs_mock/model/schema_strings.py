"""Strings for a schema, the most natural ones first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ovs_mock.model.schema_patterns import matching_texts
from ovs_mock.model.seeded_choice import SeededChoice

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima")
# Maximum length of generated strings.
_MAX_LENGTH = 100_000


def strings(schema: Mapping[str, Any], rng: SeededChoice, preferred: str | None = None) -> Iterator[str]:
    """Strings for a schema's pattern, format and lengths; ``preferred`` comes first in free text."""
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", float("inf"))
    if shortest > min(longest, _MAX_LENGTH):
        return
    if "pattern" in schema:
        yield from matching_texts(schema["pattern"], rng.at("pattern"), int(shortest), longest)
    if schema.get("format") in FORMATS:
        yield from (FORMATS[schema["format"]](rng.at("format", attempt)) for attempt in range(4))
    for text in (preferred, *rng.rotated(WORDS)):
        if text is not None:
            yield _of_length(text, int(shortest), longest)


def _of_length(text: str, shortest: int, longest: float) -> str:
    if len(text) < shortest:
        text = (text + " ") * (shortest // (len(text) + 1)) + text
    return text if len(text) <= longest else text[: max(shortest, int(longest))].rstrip().ljust(shortest, ".")


def _date(rng: SeededChoice) -> str:
    return f"20{10 + rng.below(20)}-{1 + rng.at('m').below(12):02}-{1 + rng.at('d').below(28):02}"


def _time(rng: SeededChoice) -> str:
    return f"{rng.below(24):02}:{rng.at('m').below(60):02}:{rng.at('s').below(60):02}Z"


def _uuid(rng: SeededChoice) -> str:
    digits = rng.hexadecimal(30)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:30]}"


def _word(rng: SeededChoice) -> str:
    return rng.pick(WORDS)


FORMATS: dict[str, Callable[[SeededChoice], str]] = {
    "date": _date,
    "time": _time,
    "date-time": lambda rng: f"{_date(rng)}T{_time(rng)}",
    "duration": lambda rng: f"PT{1 + rng.below(59)}S",
    "email": lambda rng: f"{_word(rng)}@example.com",
    "idn-email": lambda rng: f"{_word(rng)}@example.com",
    "hostname": lambda rng: f"{_word(rng)}.example.com",
    "idn-hostname": lambda rng: f"{_word(rng)}.example.com",
    "ipv4": lambda rng: f"192.0.2.{1 + rng.below(254)}",
    "ipv6": lambda rng: f"2001:db8::{1 + rng.below(9999)}",
    "uri": lambda rng: f"https://example.com/{_word(rng)}",
    "uri-reference": lambda rng: f"/{_word(rng)}",
    "uri-template": lambda rng: f"https://example.com/{_word(rng)}",
    "iri": lambda rng: f"https://example.com/{_word(rng)}",
    "iri-reference": lambda rng: f"/{_word(rng)}",
    "uuid": _uuid,
    "json-pointer": lambda rng: f"/{_word(rng)}",
    "relative-json-pointer": lambda rng: f"0/{_word(rng)}",
    "regex": lambda rng: f"^{_word(rng)}$",
    "color": lambda rng: f"#{rng.hexadecimal(6)}",
}
"""A generator for each format of JSON Schema. Other formats constrain nothing."""
