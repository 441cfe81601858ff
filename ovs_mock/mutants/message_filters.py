"""Hooks that edit messages of result sockets and events of streamed chats."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from ovs_mock.api.chat.sse import DONE
from ovs_mock.api.message_filter import CloseFrame, Item, MessageFilter
from ovs_mock.api.v02.version import V02
from ovs_mock.mutants.edits import Edit, edited
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.mutant import MakeFilter
from ovs_mock.mutants.responses import Routes, matches_any

SOCKET = f"GET {V02.prefix}/ws/streams/{{id}}"
CHATS = "POST *chat/completions"

Sent = Iterable[Item]


class _Sender(MessageFilter):
    def __init__(self, send: Callable[[Item], Sent]) -> None:
        self._send = send

    def on_send(self, item: Item) -> Sent:
        return self._send(item)


def filters(routes: Routes, make: Callable[[MutantRequest], MessageFilter]) -> MakeFilter:
    """A message filter of its own for each request of these routes."""
    return lambda request: make(request) if matches_any(request, routes) else None


def sockets(send: Callable[[Item], Sent]) -> MakeFilter:
    """Replace what is sent on result sockets."""
    return filters(SOCKET, lambda _: _Sender(send))


def results(*edits: Edit, when: Callable[[Any], bool] = bool) -> MakeFilter:
    """Edit results for which ``when`` holds."""

    def send(item: Item) -> Sent:
        if not isinstance(item, str):
            return (item,)
        result = json.loads(item)
        return (json.dumps(edited(result, edits)),) if when(result) else (item,)

    return sockets(send)


def close_frames(change: Callable[[CloseFrame], CloseFrame | None]) -> MakeFilter:
    """Replace close frames; ``None`` drops them."""

    def send(item: Item) -> Sent:
        changed = change(item) if isinstance(item, CloseFrame) else item
        return () if changed is None else (changed,)

    return sockets(send)


def events(send: Callable[[str], Sent]) -> MakeFilter:
    """Replace the data of each event of a streamed chat."""
    return filters(CHATS, lambda _: _Sender(lambda item: send(item) if isinstance(item, str) else (item,)))


def chunks(*edits: Edit, when: Callable[[Any], bool] = bool) -> MakeFilter:
    """Edit chunks for which ``when`` holds."""

    def send(data: str) -> Sent:
        if data == DONE:
            return (data,)
        chunk = json.loads(data)
        return (json.dumps(edited(chunk, edits)),) if when(chunk) else (data,)

    return events(send)


def replace_chunks(send: Callable[[Any], list[Any]]) -> MakeFilter:
    """Replace each chunk by others, or none."""

    def sent(data: str) -> Sent:
        return (data,) if data == DONE else [json.dumps(chunk) for chunk in send(json.loads(data))]

    return events(sent)
