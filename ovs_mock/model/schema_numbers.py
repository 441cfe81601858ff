"""Numbers within a schema's bounds, the most natural ones first."""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ovs_mock.model.seeded_choice import SeededChoice

# With one bound only, numbers are at most this far from it.
_SPAN = 10
_TRIES = 40


def integers(schema: Mapping[str, Any], rng: SeededChoice) -> Iterator[int]:
    """Whole numbers within a schema's bounds that are multiples of ``multipleOf``."""
    # The numerator is the smallest whole number that is a multiple: 3 for 1.5.
    step = _fraction(schema.get("multipleOf", 1)).numerator
    for multiple in _multiples(schema, rng, Fraction(step)):
        yield int(multiple)


def numbers(schema: Mapping[str, Any], rng: SeededChoice) -> Iterator[float]:
    """Numbers within a schema's bounds, with few digits if possible."""
    if "multipleOf" in schema:
        yield from (_plain(multiple) for multiple in _multiples(schema, rng, _fraction(schema["multipleOf"])))
        return
    lowest, highest = _bounds(schema)
    chosen = lowest + (highest - lowest) * _fraction(rng.fraction())
    for digits in (2, 4, 8):
        yield _plain(round(chosen, digits))
    yield from (_plain(number) for number in (chosen, (lowest + highest) / 2, lowest, highest))


def _multiples(schema: Mapping[str, Any], rng: SeededChoice, step: Fraction) -> Iterator[Fraction]:
    """Multiples of ``step`` from a random one up, then from the lowest one."""
    lowest, highest = _bounds(schema, step)
    first, last = math.ceil(lowest / step), math.floor(highest / step)
    count = last - first + 1
    start = rng.below(count) if count > 0 else 0
    for number in range(min(count, _TRIES)):
        yield (first + (start + number) % count) * step


def _bounds(schema: Mapping[str, Any], step: Fraction = Fraction(1)) -> tuple[Fraction, Fraction]:
    """Lowest and highest number. Exclusive bounds are included: the validator rejects them."""
    lows = [_fraction(schema[key]) for key in ("minimum", "exclusiveMinimum") if _is_bound(schema.get(key))]
    highs = [_fraction(schema[key]) for key in ("maximum", "exclusiveMaximum") if _is_bound(schema.get(key))]
    if lows:
        lowest = max(lows)
        return lowest, min(highs) if highs else lowest + _SPAN * step
    highest = min(highs, default=_SPAN * step)
    return (Fraction(0) if highest >= _SPAN * step or highest > 0 else highest - _SPAN * step), highest


def _is_bound(value: object) -> bool:
    """Draft 4 has booleans for exclusive bounds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fraction(value: float) -> Fraction:
    """The exact value of the number's decimal representation: 0.1 is a tenth."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def _plain(value: Fraction) -> float:
    return value.numerator if value.denominator == 1 else float(value)
