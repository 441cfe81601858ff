"""Tokens, by rules of thumb: a token is four characters of text, or 2048 pixels of picture."""

CHARACTERS_PER_TOKEN = 4
PIXELS_PER_TOKEN = 2048


def text_tokens(text: str) -> int:
    """Tokens of a text, a started one counted whole."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def picture_tokens(width: int, height: int) -> int:
    """Tokens of a picture, at least one."""
    return max(1, width * height // PIXELS_PER_TOKEN)


def truncate(text: str, tokens: int) -> str:
    """As much of a text as that many tokens hold."""
    return text[: tokens * CHARACTERS_PER_TOKEN]
