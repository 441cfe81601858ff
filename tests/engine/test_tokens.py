"""Tokens are counted by rules of thumb, and limits are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.tokens import picture_tokens, text_tokens, truncate


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("four", 1), ("fives", 2)])
def test_a_started_token_counts_whole(text: str, tokens: int) -> None:
    assert text_tokens(text) == tokens


@given(text=st.text(), limit=st.integers(0, 100))
def test_a_truncated_text_keeps_within_its_limit_and_loses_no_more_than_it_must(text: str, limit: int) -> None:
    kept = truncate(text, limit)

    assert text.startswith(kept)
    assert text_tokens(kept) == min(limit, text_tokens(text))


def test_pictures_cost_tokens_by_their_area() -> None:
    assert picture_tokens(640, 480) == 150
    assert picture_tokens(1280, 720) == 450
    assert picture_tokens(1, 1) == 1
