"""What a script may give as a reply: a value, or a function that returns one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, cast

from ovs_mock.model.json_text import describe_value
from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply

ReplyValue: TypeAlias = str | Mapping[str, Any] | list[Any] | Reply
"""The reply's text, a dict or a list to send as JSON, or a Reply."""

ReplyCallback: TypeAlias = Callable[[Question], ReplyValue | Awaitable[ReplyValue]]
"""A function that replies. A plain function runs on another thread, a coroutine on the server's event loop."""


def as_reply(value: object) -> Reply:
    """The Reply that ``value`` stands for. TypeError when it stands for none."""
    if isinstance(value, Reply):
        return value
    if isinstance(value, str):
        return Reply(value)
    if isinstance(value, Mapping | list):
        return Reply(json=dict(value) if isinstance(value, Mapping) else value)
    is_scalar = value is None or isinstance(value, bool | int | float)
    hint = f" such as Reply(json={value!r})" if is_scalar else ""
    raise TypeError(
        f"{describe_value(value)} is no reply: give a string, a dict or a list to send as JSON, or a Reply{hint}"
    )


def as_reply_or_callback(value: object) -> Reply | ReplyCallback:
    """The Reply that ``value`` stands for, or the function that it is. TypeError when it is neither."""
    if callable(value) and not isinstance(value, type):
        return cast("ReplyCallback", value)
    try:
        return as_reply(value)
    except TypeError as error:
        raise TypeError(f"{error}, or a function that takes the question and returns one of these") from None
