"""v1beta: threads and their caches."""

from collections.abc import Callable
from dataclasses import replace

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import Edit, change, put
from ovs_mock.mutants.engines import edit_command
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import on

AREA = Area("v1beta/threads")


def _cache(name: str, description: str, *edits: Edit) -> Mutant:
    return AREA(name, f"v1beta: {description}", on(chat("v1beta"), 200, *edits))


def _threaded(name: str, description: str, thread: Callable[[str | None, EngineState], str | None]) -> Mutant:
    """Chats that count to another thread than they say; v1 has none."""

    def ask(command: AskChat, state: EngineState) -> AskChat:
        return replace(command, thread_id=thread(command.thread_id, state)) if command.rate_limited else command

    return AREA(name, f"v1beta: {description}", engine=edit_command(AskChat, ask))


MUTANTS = (
    _cache("v1beta-thread-unnamed", "the answer does not name its thread", put("overshoot.cache.thread_id", None)),
    _cache(
        "v1beta-cache-always-hit",
        "cache_hit is true at the first chat of a thread",
        put("overshoot.cache.cache_hit", True),
    ),
    _cache(
        "v1beta-cache-never-hit", "cache_hit is false, whatever was cached", put("overshoot.cache.cache_hit", False)
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
    _threaded(
        "v1beta-cache-forgetful", "nothing is ever cached", lambda thread, state: thread and state.ids.tagged("thread")
    ),
    _threaded(
        "v1beta-cache-of-everything", "chats without a thread share a cache", lambda thread, _: thread or "shared"
    ),
    _threaded(
        "v1beta-cache-of-one-thread", "all threads of a user share a cache", lambda thread, _: thread and "shared"
    ),
)
