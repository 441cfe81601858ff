"""v1 and v1beta: how chats go wrong."""

from collections.abc import Callable
from typing import Any

from ovs_mock.engine.commands import AskChat
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import Event
from ovs_mock.mutants.answers import ERRORS, on
from ovs_mock.mutants.catalogue.routes import chat
from ovs_mock.mutants.edits import Edit, at, change, drop, put
from ovs_mock.mutants.engines import EngineStep, commanded
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant

AREA = "v1beta/errors"
V1, V1BETA = chat("v1"), chat("v1beta")
ERROR = "detail.error"


def _code(*codes: str) -> Callable[[MutantRequest, MutantResponse], bool]:
    return lambda _, reply: at(reply.body, f"{ERROR}.code") in codes


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
    return Mutant(
        name=name,
        area=AREA,
        description=f"v1beta: {description}",
        response=on(V1BETA, status, *edits, to=to, when=_code(code)),
    )


def _any_medium(command: AskChat, moment: EngineStep) -> list[Event]:
    """Models that take images alone get video all the same; v1 does not limit rates, and has no say in this."""
    entry = moment.world.models.get(command.model)
    if entry is None or entry.video or not command.rate_limited:
        return moment.go(command)
    entry.video = True
    try:
        return moment.go(command)
    finally:
        entry.video = False


def _at_all_costs(command: AskChat, moment: EngineStep) -> list[Event]:
    """Chats go on without credits."""
    account = moment.world.accounts.authenticate(command.key)
    if account.balance > 0:
        return moment.go(command)
    owed, account.balance = account.balance, 1
    try:
        return moment.go(command)
    finally:
        account.balance += owed - 1


def _whatever_the_status(command: AskChat, moment: EngineStep) -> list[Event]:
    """A model that is not there is taken for one that nobody knows."""
    try:
        return moment.go(command)
    except CommandRejectedError as refused:
        if refused.code is ErrorCode.MODEL_NOT_ACCEPTING:
            raise CommandRejectedError(ErrorCode.UNKNOWN_MODEL, refused.message) from None
        raise


MUTANTS = (
    Mutant(
        name="v1beta-errors-plain",
        area=AREA,
        description="v1beta: errors of chats are {detail: text}, as in v1",
        response=on(V1BETA, ERRORS, _plain),
    ),
    Mutant(
        name="v1beta-errors-without-type",
        area=AREA,
        description="v1beta: errors of chats have no type",
        response=on(V1BETA, ERRORS, drop(f"{ERROR}.type")),
    ),
    Mutant(
        name="v1beta-errors-unwrapped",
        area=AREA,
        description="v1beta: the error of a chat does not stand inside detail",
        response=on(V1BETA, ERRORS, lambda body: body["detail"] if isinstance(at(body, "detail"), dict) else body),
    ),
    Mutant(
        name="v1beta-unauthorized-typed",
        area=AREA,
        description="v1beta: 401 of a chat has a typed error",
        response=on(V1BETA, 401, _enveloped),
    ),
    Mutant(
        name="v1beta-validation-as-fastapi",
        area=AREA,
        description="v1beta: what fails validation stands in detail",
        response=on(V1BETA, 422, _as_fastapi),
    ),
    Mutant(
        name="v1-validation-as-fastapi",
        area="v1/errors",
        description="v1: what fails validation stands in detail",
        response=on(V1, 422, _as_fastapi),
    ),
    Mutant(
        name="v1-errors-typed",
        area="v1/errors",
        description="v1: errors of chats are typed, as in v1beta",
        response=on(V1, ERRORS, _enveloped),
    ),
    Mutant(
        name="v1-validation-message-wrong",
        area="v1/errors",
        description="v1: the message of a body that fails validation is another one",
        response=on(V1, 422, change("message", lambda _: "Invalid request")),
    ),
    Mutant(
        name="v1-validation-without-places",
        area="v1/errors",
        description="v1: what fails validation does not say where",
        response=on(V1, 422, drop("details.*.loc")),
    ),
    Mutant(
        name="v1-malformed-json-400",
        area="v1/errors",
        description="v1: a body that is no JSON is 400",
        response=on(V1, 422, to=400, when=lambda _, reply: at(reply.body, "details.0.type") == "json_invalid"),
    ),
    Mutant(
        name="v1-stream-not-found-403",
        area="v1/errors",
        description="v1: a chat about a stream that is not the caller's is 403",
        response=on(V1, 404, to=403),
    ),
    Mutant(
        name="v1-no-credits-403",
        area="v1/errors",
        description="v1: a chat without credits is 403",
        response=on(V1, 402, to=403),
    ),
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
    Mutant(
        name="v1beta-upstream-unexplained",
        area=AREA,
        description="v1beta: errors of providers have no upstream",
        response=on(V1BETA, 502, drop(f"{ERROR}.upstream")),
    ),
    Mutant(
        name="v1beta-upstream-status-as-text",
        area=AREA,
        description="v1beta: the upstream's status is a string",
        response=on(V1BETA, 502, change(f"{ERROR}.upstream.status", lambda status: status and str(status))),
    ),
    Mutant(
        name="v1beta-upstream-code-general",
        area=AREA,
        description="v1beta: the code of a provider's error does not name its status",
        response=on(V1BETA, 502, put(f"{ERROR}.code", "upstream_error")),
    ),
    Mutant(
        name="v1beta-video-for-image-models",
        area=AREA,
        description="v1beta: models that take images alone get video",
        engine=commanded(AskChat, _any_medium),
    ),
    Mutant(
        name="chat-without-credits",
        area="chat/errors",
        description="v1 and v1beta: chats go on without credits",
        engine=commanded(AskChat, _at_all_costs),
    ),
    Mutant(
        name="chat-unavailable-model-unknown",
        area="chat/errors",
        description="v1 and v1beta: a model that is not there is 422, as one that nobody knows",
        engine=commanded(AskChat, _whatever_the_status),
    ),
)
