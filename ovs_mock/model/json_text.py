"""Values as JSON text, and as they are named in errors."""

import json


def json_text(value: object) -> str:
    """A value as compact JSON. ValueError for one that JSON cannot express."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{shown(value)} cannot be sent as JSON: {error}") from None


def shown(value: object) -> str:
    """A value as it is named in an error."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} (a {type(value).__name__})"
