"""Prices of models, as the target's billing lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MICROCENTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPrice:
    """Microcents a token."""

    prompt: float
    cached: float
    completion: float

    def cents(self, prompt: float, completion: float, cached: float = 0) -> float:
        """What so many tokens cost; ``cached`` are among those of the prompt."""
        fresh = prompt - cached
        return (fresh * self.prompt + cached * self.cached + completion * self.completion) / MICROCENTS


def parse_prices(pricing: Any) -> dict[str, ListedPrice]:
    """The prices in an answer of ``/billing/pricing``; rows that are not as expected are left out."""
    rows = pricing if isinstance(pricing, list) else []
    found = ((row.get("model"), _price(row)) for row in rows if isinstance(row, dict))
    return {model: price for model, price in found if isinstance(model, str) and price is not None}


def token_counts(usage: Any, overshoot: Any) -> tuple[float, float, float] | None:
    """Tokens of the prompt, of the completion, and those of the prompt that were cached; ``None`` if not told."""
    if not isinstance(usage, Mapping):
        return None
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    cache = overshoot.get("cache") if isinstance(overshoot, Mapping) else None
    cached = _count(cache.get("cached_input_tokens")) if isinstance(cache, Mapping) else 0
    return prompt, completion, min(cached or 0, prompt)


def _price(row: Mapping[str, Any]) -> ListedPrice | None:
    prompt, completion = _count(row.get("input_microcents_per_token")), _count(row.get("output_microcents_per_token"))
    if prompt is None or completion is None:
        return None
    cached = _count(row.get("cached_input_microcents_per_token"))
    return ListedPrice(prompt=prompt, cached=prompt if cached is None else cached, completion=completion)


def _count(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and value >= 0 else None
