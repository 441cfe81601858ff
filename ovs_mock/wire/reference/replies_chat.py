"""How v1 and v1beta answer what goes wrong: statuses and bodies come from the version's own table of errors. Pure."""

from ovs_mock.engine.errors import RefusedError, RegionError, Why
from ovs_mock.engine.events import ChatFailed
from ovs_mock.engine.inference import Answer, FailureKind
from ovs_mock.engine.limits import Allowance, RateLimitedError
from ovs_mock.wire.chat import errors
from ovs_mock.wire.chat.dialect import Dialect
from ovs_mock.wire.chat.errors import Json, Problem
from ovs_mock.wire.chat.ovs_url import QueryParamError, StreamUrlError
from ovs_mock.wire.reference.operation import Reply
from ovs_mock.wire.reference.shape import ref
from ovs_mock.wire.reference.words import SAID

FAILURES = {
    FailureKind.MODEL: "The model failed.",
    FailureKind.SAFETY: "The model's provider blocks the content.",
    FailureKind.UPSTREAM: "The model's provider answered with an error, or not at all.",
    FailureKind.TIMEOUT: "The model's provider took too long.",
}


class Troubles:
    """What one version answers about chats, or about all else."""

    def __init__(self, dialect: Dialect, *, chat: bool) -> None:
        self._errors = dialect.errors
        self._chat = chat

    def refusals(self, *whys: Why) -> list[Reply]:
        """What the rules do not allow."""
        return [reply(SAID[why], self._errors.refused(_refusal(why), chat=self._chat)) for why in whys]

    def bad_urls(self) -> list[Reply]:
        """``ovs://`` URLs that cannot be followed."""
        form = StreamUrlError("The URL does not have the form ovs://streams/<stream_id>?<query>.")
        query = QueryParamError("Unknown query parameter 'frame'.")
        for error in (form, query):
            error.loc = ("messages", 0, "content", 0, "image_url", "url")
        return [
            reply("An ovs:// URL is malformed.", self._errors.bad_url(form)),
            reply("A parameter of an ovs:// URL is missing, unknown or malformed.", self._errors.bad_url(query)),
        ]

    def failures(self) -> list[Reply]:
        """A model that does not answer."""
        return [reply(said, self._errors.failed(_failure(kind, said), "openai")) for kind, said in FAILURES.items()]

    def internal(self) -> Reply:
        return reply("The mock failed.", self._errors.internal(chat=self._chat))


def invalid(description: str, *loc: str | int, message: str = "Field required", kind: str = "missing") -> Reply:
    """A request that fails validation at one place."""
    return reply(description, errors.invalid([{"loc": list(loc), "msg": message, "type": kind}]))


def plain(status: int, description: str, said: str = "") -> Reply:
    """An error in the plain form; ``said`` is its text where that is not the description."""
    return reply(description, errors.detail(status, said or description))


def reply(description: str, problem: Problem) -> Reply:
    """The problem, as an answer that is written down."""
    form, name = _form(problem.body)
    return Reply(problem.status, description, ref(form), name, problem.body, headers=tuple(problem.headers))


def _form(body: Json) -> tuple[str, str]:
    """The shape of an error, and its code."""
    detail = body.get("detail")
    if detail is None:
        return "ValidationError", "validation_error"
    if isinstance(detail, str):
        return "Detail", ""
    error = detail["error"]
    return ("RegionError", error) if isinstance(error, str) else ("TypedError", error["code"])


def _refusal(why: Why) -> RefusedError:
    if why is Why.WRONG_REGION:
        return RegionError("us-west1", "us-central1")
    return RateLimitedError(Allowance(1_000, 0, 1)) if why is Why.RATE_LIMITED else RefusedError(why, SAID[why])


def _failure(kind: FailureKind, said: str) -> ChatFailed:
    return ChatFailed(0, "", "", Answer(error=said, failure=kind, upstream_status=503, finish_reason=None))


TOO_LARGE = plain(413, "The body is larger than 32 megabytes.", "Request Entity Too Large")
