"""What may be given for a reply."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, cast

from ovs_mock.model.json_text import shown
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply

Scripted: TypeAlias = str | Mapping[str, Any] | list[Any] | Reply
"""What may be given for a reply: its text, an object or a list to send as JSON, or a Reply."""

Replier: TypeAlias = Callable[[Question], Scripted | Awaitable[Scripted]]
"""A function that replies. A plain one runs on a thread of its own; a coroutine runs on the server's event loop."""


def as_reply(value: object) -> Reply:
    """The Reply that ``value`` stands for. TypeError when it can be none."""
    if isinstance(value, Reply):
        return value
    if isinstance(value, str):
        return Reply(value)
    if isinstance(value, Mapping | list):
        return Reply(json=dict(value) if isinstance(value, Mapping) else value)
    raise TypeError(
        f"{shown(value)} is no reply: give a string, a dict or a list to send as JSON, or a Reply{_hint(value)}"
    )


def as_scripted(value: object) -> Reply | Replier:
    """The Reply that ``value`` stands for, or the function that will make one. TypeError when it is neither."""
    if callable(value) and not isinstance(value, type):
        return cast("Replier", value)
    try:
        return as_reply(value)
    except TypeError as error:
        raise TypeError(f"{error}, or a function that takes the question and returns one of these") from None


def _hint(value: object) -> str:
    return f" such as Reply(json={value!r})" if value is None or isinstance(value, bool | int | float) else ""
