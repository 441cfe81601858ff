"""v1beta: threads and their caches."""

from dataclasses import replace

from ovs_mock.drifts.answers import on
from ovs_mock.drifts.catalogue.routes import chat
from ovs_mock.drifts.drift import Drift
from ovs_mock.drifts.edits import Edit, change, put
from ovs_mock.drifts.engines import asking
from ovs_mock.engine.commands import AskChat

AREA = "v1beta/threads"


def _cache(name: str, says: str, *edits: Edit) -> Drift:
    return Drift(name=name, area=AREA, says=f"v1beta: {says}", answer=on(chat("v1beta"), 200, *edits))


DRIFTS = (
    _cache("v1beta-thread-unnamed", "the answer does not name its thread", put("overshoot.cache.thread_id", None)),
    _cache(
        "v1beta-cache-always-hit",
        "cache_hit is true at the first chat of a thread",
        put("overshoot.cache.cache_hit", True),
    ),
    _cache(
        "v1beta-cache-never-hit",
        "cache_hit is false, whatever was cached",
        put("overshoot.cache.cache_hit", False),
    ),
    _cache(
        "v1beta-cached-tokens-null",
        "cached_input_tokens are null when nothing was cached",
        change("overshoot.cache.cached_input_tokens", lambda tokens: tokens or None),
    ),
    _cache(
        "v1beta-cached-tokens-are-all",
        "cached_input_tokens are all tokens of the prompt",
        lambda body: put("overshoot.cache.cached_input_tokens", body["usage"]["prompt_tokens"] + 1)(body),
    ),
    Drift(
        name="v1beta-cache-forgetful",
        area=AREA,
        says="v1beta: nothing is ever cached",
        engine=asking(
            AskChat,
            lambda command, world: replace(
                command, thread_id=world.ids.tagged("thread") if command.thread_id else None
            ),
        ),
    ),
    Drift(
        name="v1beta-cache-of-everything",
        area=AREA,
        says="v1beta: chats without a thread share a cache",
        engine=asking(AskChat, lambda command, _: replace(command, thread_id=command.thread_id or "shared")),
    ),
    Drift(
        name="v1beta-cache-of-one-thread",
        area=AREA,
        says="v1beta: all threads of a user share a cache",
        engine=asking(AskChat, lambda command, _: replace(command, thread_id="shared" if command.thread_id else None)),
    ),
)
