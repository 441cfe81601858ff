"""HTML that cannot forget to escape: text is escaped, and only what an element was made of is markup. Pure."""

from html import escape

VOID = frozenset({"meta", "link", "br", "hr"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(name: str, /, *children: str, **attributes: str) -> Markup:
    """An element. A trailing underscore makes a Python word an attribute: ``class_``."""
    opened = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{opened}>")
    return Markup(f"<{name}{opened}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def prose(text: str) -> Markup:
    """Text in which ``backticks`` mean code."""
    parts = text.split("`")
    return joined(*(el("code", part) if at % 2 else part for at, part in enumerate(parts)))
