"""v1beta: how often a user may ask, and a server that takes no new work."""

from collections.abc import Callable
from typing import Any

from ovs_mock.engine.commands import AskChat, CreateStream
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.events import Event
from ovs_mock.engine.limits import Allowance, RateLimit, RateLimitedError
from ovs_mock.engine.service import Service
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import always
from ovs_mock.mutants.engines import EngineStep, edit_engine, on_command
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.message_filters import CHATS
from ovs_mock.mutants.responses import on

AREA = Area("v1beta/limits")
CHAT_LIMITS = Area("chat/limits")
V1BETA = chat("v1beta")
NAMES = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


def _header(name: str, to: Callable[[str], str]) -> Callable[[MutantRequest, MutantResponse], None]:
    def answer(_: MutantRequest, response: MutantResponse) -> None:
        if name in response.headers:
            response.headers[name] = to(response.headers[name])

    return answer


class Unlimited(RateLimit):
    """Counts, and lets everybody through."""

    def consume(self, user_id: str, now: int) -> Allowance:
        try:
            return super().consume(user_id, now)
        except RateLimitedError as refused:
            return refused.allowance


class ForAll(RateLimit):
    """All users share what is left."""

    def consume(self, user_id: str, now: int) -> Allowance:
        return super().consume("all", now)


def _rate(make: type[RateLimit]) -> Callable[[Engine], None]:
    def arrange(engine: Engine) -> None:
        engine.state.rate = make(engine.state.settings.chats_per_second)

    return arrange


def _undrained(service: Service) -> Callable[[CreateStream, EngineStep], list[Event]]:
    def create(command: CreateStream, step: EngineStep) -> list[Event]:
        return _open(command, step) if command.rules.service is service else step.run(command)

    return create


def _open(command: Any, step: EngineStep) -> list[Event]:
    draining, step.state.draining = step.state.draining, False
    try:
        return step.run(command)
    finally:
        step.state.draining = draining


MUTANTS = (
    *(
        AREA(
            f"v1beta-without-{name.removeprefix('x-')}",
            f"v1beta: answers of chats have no {name}",
            on(CHATS, None, headers={name: None}),
        )
        for name in NAMES
    ),
    AREA(
        "v1beta-ratelimit-stands-still",
        "v1beta: x-ratelimit-remaining does not fall",
        _header("x-ratelimit-remaining", lambda _: "999"),
    ),
    AREA(
        "v1beta-ratelimit-resets-in-milliseconds",
        "v1beta: x-ratelimit-reset is in milliseconds",
        _header("x-ratelimit-reset", lambda reset: f"{reset}000"),
    ),
    AREA(
        "v1beta-ratelimit-resets-in-seconds-to-go",
        "v1beta: x-ratelimit-reset counts from now",
        _header("x-ratelimit-reset", lambda _: "1"),
    ),
    AREA("v1beta-unlimited", "v1beta: nobody is ever limited", engine=edit_engine(_rate(Unlimited))),
    AREA("v1beta-limit-shared", "v1beta: all users share one limit", engine=edit_engine(_rate(ForAll))),
    AREA("v1beta-limited-503", "v1beta: too many chats are 503", on(V1BETA, 429, to=503)),
    AREA(
        "v1beta-limited-plain",
        "v1beta: too many chats are {detail: text}",
        on(V1BETA, 429, always({"detail": "Rate limit exceeded."})),
    ),
    AREA(
        "v1beta-limited-without-retry-after",
        "v1beta: too many chats are not told when to come back",
        on(V1BETA, 429, headers={"retry-after": None}),
    ),
    AREA(
        "v1beta-limited-without-headers",
        "v1beta: too many chats are not told what is left",
        on(V1BETA, 429, headers=dict.fromkeys(NAMES)),
    ),
    CHAT_LIMITS(
        "draining-takes-streams",
        "v1 and v1beta: a server that drains takes new streams",
        engine=on_command(CreateStream, _undrained(Service.CHAT)),
    ),
    CHAT_LIMITS(
        "draining-takes-chats", "v1 and v1beta: a server that drains takes new chats", engine=on_command(AskChat, _open)
    ),
    CHAT_LIMITS(
        "draining-429",
        "v1 and v1beta: a server that drains answers 429",
        on(("* /v1/*", "* /v1beta/*"), 503, to=429, when=lambda _, response: "draining" in str(response.body)),
    ),
)
