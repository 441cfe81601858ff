"""Texts are written after regular expressions."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_mock.model.schema_patterns import matching_texts
from ovs_mock.model.seeded_choice import SeededChoice

PATTERNS = [
    "",
    "^abc$",
    "^[A-Z]{2,3}-\\d+$",
    "^#[0-9a-fA-F]{6}$",
    "^(?:red|green|blue)$",
    "^\\S+@\\S+\\.\\w{2,}$",
    "^(?P<a>[ab])(?P=a)$",
    "^[^\\s\\d]+$",
    "^\\+?[1-9]\\d{1,14}$",
    "^(19|20)\\d\\d-(0[1-9]|1[0-2])$",
    "^(?=.*[A-Z])(?=.*\\d).{8,}$",
    "^[\\u4e00-\\u9fff]+$",
    "^[^a]*?x.$",
    "^(a(b(c)?)?)?$",
    "^\\t[.,;]$",
    "^((a+)+)+$",
]

lengths = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", range(5))
def test_a_text_is_found_for_everyday_patterns(pattern: str, seed: int) -> None:
    text = next(matching_texts(pattern, SeededChoice(str(seed)), 0, 40))

    assert re.search(pattern, text)
    assert len(text) <= 40


@settings(deadline=None)
@given(pattern=st.sampled_from(PATTERNS), limits=lengths, seed=st.integers(0, 100))
def test_every_text_matches_and_keeps_within_the_limits(pattern: str, limits: list[int], seed: int) -> None:
    shortest, longest = limits

    for text in matching_texts(pattern, SeededChoice(str(seed)), shortest, longest):
        assert re.search(pattern, text)
        assert shortest <= len(text) <= longest


@given(length=st.integers(1, 200))
def test_a_repetition_can_have_any_length(length: int) -> None:
    assert len(next(matching_texts("^[a-z]+$", SeededChoice(""), length, length))) == length


@pytest.mark.parametrize("pattern", ["^(?!)$", "^a{100000}$", "a(?<!a)$"])
def test_where_nothing_is_found_there_is_nothing(pattern: str) -> None:
    assert list(matching_texts(pattern, SeededChoice(""), 0, 50)) == []
