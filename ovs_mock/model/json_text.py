"""Values as JSON text, and as error messages show them."""

import json


def json_text(value: object) -> str:
    """A value as compact JSON. ValueError for one that JSON cannot represent."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{describe_value(value)} cannot be sent as JSON: {error}") from None


def describe_value(value: object) -> str:
    """A value, shortened, and its type, for an error message."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} (a {type(value).__name__})"
