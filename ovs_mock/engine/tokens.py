"""Tokens, by rules of thumb: a token is four characters of text; a picture has as many as its model's rule says."""

from enum import Enum, auto

CHARACTERS_PER_TOKEN = 4
# Qwen: height * width / 2048, which makes about 200 of 854x480, 450 of 1280x720 and 1010 of 1920x1080.
PIXELS_PER_TOKEN = 2048
# Gemma: a budget for each frame, whatever its size.
GEMMA_PICTURE_TOKENS = 256


class VisualRule(Enum):
    """How a model counts pictures."""

    BY_SIZE = auto()
    BUDGET = auto()


def text_tokens(text: str) -> int:
    """Tokens of a text, a started one counted whole."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def picture_tokens(width: int, height: int, rule: VisualRule = VisualRule.BY_SIZE) -> int:
    """Tokens of a picture, at least one."""
    if rule is VisualRule.BUDGET:
        return GEMMA_PICTURE_TOKENS
    return max(1, width * height // PIXELS_PER_TOKEN)


def truncate(text: str, tokens: int) -> str:
    """As much of a text as that many tokens hold."""
    return text[: tokens * CHARACTERS_PER_TOKEN]


def split_tokens(text: str) -> list[str]:
    """A text, token by token."""
    return [text[at : at + CHARACTERS_PER_TOKEN] for at in range(0, len(text), CHARACTERS_PER_TOKEN)]
