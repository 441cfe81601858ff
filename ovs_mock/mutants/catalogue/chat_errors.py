"""v1 and v1beta: how chats go wrong."""

from collections.abc import Callable
from typing import Any

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import Edit, at, change, drop, put
from ovs_mock.mutants.engines import EngineStep, on_command
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.responses import ERRORS, on

AREA = Area("v1beta/errors")
CHAT_ERRORS = Area("chat/errors")
V1_ERRORS = Area("v1/errors")
V1, V1BETA = chat("v1"), chat("v1beta")
ERROR = "detail.error"


def _code(*codes: str) -> Callable[[MutantRequest, MutantResponse], bool]:
    return lambda _, response: at(response.body, f"{ERROR}.code") in codes


def _plain(body: Any) -> Any:
    message = at(body, f"{ERROR}.message")
    return {"detail": message} if message else body


def _enveloped(body: Any) -> Any:
    message = at(body, "detail")
    if not isinstance(message, str):
        return body
    return {"detail": {"error": {"message": message, "type": "auth_error", "code": "unauthorized"}}}


def _as_fastapi(body: Any) -> Any:
    return {"detail": body["details"]} if at(body, "error") == "validation_error" else body


def _typed(name: str, description: str, status: int, code: str, *edits: Edit, to: int | None = None) -> Mutant:
    return AREA(name, f"v1beta: {description}", on(V1BETA, status, *edits, to=to, when=_code(code)))


def _any_medium(command: AskChat, step: EngineStep) -> list[Event]:
    """Models that take images alone get video all the same; v1 does not limit rates, and has no say in this."""
    entry = step.state.models.get(command.model)
    if entry is None or entry.video or not command.rate_limited:
        return step.run(command)
    entry.video = True
    try:
        return step.run(command)
    finally:
        entry.video = False


def _at_all_costs(command: AskChat, step: EngineStep) -> list[Event]:
    """Chats go on without credits."""
    account = step.state.accounts.authenticate(command.key)
    if account.balance > 0:
        return step.run(command)
    owed, account.balance = account.balance, 1
    try:
        return step.run(command)
    finally:
        account.balance += owed - 1


def _whatever_the_status(command: AskChat, step: EngineStep) -> list[Event]:
    """A model that is not there is taken for one that nobody knows."""
    try:
        return step.run(command)
    except CommandRejectedError as refused:
        if refused.code is ErrorCode.MODEL_NOT_ACCEPTING:
            raise CommandRejectedError(ErrorCode.UNKNOWN_MODEL, refused.message) from None
        raise


MUTANTS = (
    AREA("v1beta-errors-plain", "v1beta: errors of chats are {detail: text}, as in v1", on(V1BETA, ERRORS, _plain)),
    AREA(
        "v1beta-errors-without-type", "v1beta: errors of chats have no type", on(V1BETA, ERRORS, drop(f"{ERROR}.type"))
    ),
    AREA(
        "v1beta-errors-unwrapped",
        "v1beta: the error of a chat does not stand inside detail",
        on(V1BETA, ERRORS, lambda body: body["detail"] if isinstance(at(body, "detail"), dict) else body),
    ),
    AREA("v1beta-unauthorized-typed", "v1beta: 401 of a chat has a typed error", on(V1BETA, 401, _enveloped)),
    AREA(
        "v1beta-validation-as-fastapi", "v1beta: what fails validation stands in detail", on(V1BETA, 422, _as_fastapi)
    ),
    V1_ERRORS("v1-validation-as-fastapi", "v1: what fails validation stands in detail", on(V1, 422, _as_fastapi)),
    V1_ERRORS("v1-errors-typed", "v1: errors of chats are typed, as in v1beta", on(V1, ERRORS, _enveloped)),
    V1_ERRORS(
        "v1-validation-message-wrong",
        "v1: the message of a body that fails validation is another one",
        on(V1, 422, change("message", lambda _: "Invalid request")),
    ),
    V1_ERRORS(
        "v1-validation-without-places",
        "v1: what fails validation does not say where",
        on(V1, 422, drop("details.*.loc")),
    ),
    V1_ERRORS(
        "v1-malformed-json-400",
        "v1: a body that is no JSON is 400",
        on(V1, 422, to=400, when=lambda _, response: at(response.body, "details.0.type") == "json_invalid"),
    ),
    V1_ERRORS(
        "v1-stream-not-found-403", "v1: a chat about a stream that is not the caller's is 403", on(V1, 404, to=403)
    ),
    V1_ERRORS("v1-no-credits-403", "v1: a chat without credits is 403", on(V1, 402, to=403)),
    _typed("v1beta-stream-url-invalid-422", "a malformed ovs:// URL is 422", 400, "stream_url_invalid", to=422),
    _typed(
        "v1beta-stream-url-invalid-renamed",
        "the code of a malformed ovs:// URL is that of a bad parameter",
        400,
        "stream_url_invalid",
        put(f"{ERROR}.code", "query_param_invalid"),
    ),
    _typed("v1beta-query-param-invalid-422", "a bad parameter is 422", 400, "query_param_invalid", to=422),
    _typed(
        "v1beta-query-param-invalid-typed-validation",
        "the type of a bad parameter is validation_error",
        400,
        "query_param_invalid",
        put(f"{ERROR}.type", "validation_error"),
    ),
    _typed("v1beta-stream-not-found-410", "a stream that is not there is 410", 404, "stream_not_found", to=410),
    _typed(
        "v1beta-stream-not-found-renamed",
        "the code of a stream that is not there is not_found",
        404,
        "stream_not_found",
        put(f"{ERROR}.code", "not_found"),
    ),
    _typed(
        "v1beta-foreign-stream-404",
        "a chat about another user's stream is 404",
        403,
        "stream_unauthorized",
        put(f"{ERROR}.code", "stream_not_found"),
        to=404,
    ),
    _typed("v1beta-no-credits-429", "a chat without credits is 429", 402, "billing_denied", to=429),
    _typed(
        "v1beta-no-credits-renamed",
        "the code of a chat without credits is insufficient_credits",
        402,
        "billing_denied",
        put(f"{ERROR}.code", "insufficient_credits"),
    ),
    _typed("v1beta-model-unavailable-500", "a model that is not there is 500", 503, "model_unavailable", to=500),
    _typed(
        "v1beta-model-unavailable-typed-model",
        "the type of a model that is not there is model_error",
        503,
        "model_unavailable",
        put(f"{ERROR}.type", "model_error"),
    ),
    _typed("v1beta-timeout-502", "a provider that takes too long is 502", 504, "upstream_timeout", to=502),
    _typed("v1beta-safety-block-403", "content that a provider blocks is 403", 400, "provider_safety_block", to=403),
    _typed("v1beta-model-failure-502", "a model that fails is 502", 500, "internal_error", to=502),
    AREA(
        "v1beta-upstream-unexplained",
        "v1beta: errors of providers have no upstream",
        on(V1BETA, 502, drop(f"{ERROR}.upstream")),
    ),
    AREA(
        "v1beta-upstream-status-as-text",
        "v1beta: the upstream's status is a string",
        on(V1BETA, 502, change(f"{ERROR}.upstream.status", lambda status: status and str(status))),
    ),
    AREA(
        "v1beta-upstream-code-general",
        "v1beta: the code of a provider's error does not name its status",
        on(V1BETA, 502, put(f"{ERROR}.code", "upstream_error")),
    ),
    AREA(
        "v1beta-video-for-image-models",
        "v1beta: models that take images alone get video",
        engine=on_command(AskChat, _any_medium),
    ),
    CHAT_ERRORS(
        "chat-without-credits", "v1 and v1beta: chats go on without credits", engine=on_command(AskChat, _at_all_costs)
    ),
    CHAT_ERRORS(
        "chat-unavailable-model-unknown",
        "v1 and v1beta: a model that is not there is 422, as one that nobody knows",
        engine=on_command(AskChat, _whatever_the_status),
    ),
)
