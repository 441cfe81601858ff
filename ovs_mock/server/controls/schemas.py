"""Bodies of the controls, checked strictly: a misspelt field is an error. Pure."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
)

from ovs_mock.server.controls.errors import InvalidControlBodyError

MAX_SECONDS = 1e12

Seconds = Annotated[StrictFloat, Field(ge=0, lt=MAX_SECONDS, allow_inf_nan=False)]
Pace = Annotated[StrictFloat, Field(gt=0, le=1000, allow_inf_nan=False)]
Pixels = Annotated[StrictInt, Field(ge=16, le=8192)]
Key = Annotated[StrictStr, Field(min_length=1)]


class Body(BaseModel):
    """An object that has these fields and no others."""

    # Built when the first one is sent: most tests use no controls, and building takes longer than importing.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """The object in the bytes of a body, which may be empty; raises InvalidControlBodyError."""
        try:
            return cls.model_validate_json(raw.strip() or b"{}")
        except ValidationError as error:
            problems = "; ".join(
                _text(e["loc"], e["msg"]) for e in error.errors(include_url=False, include_input=False)
            )
            raise InvalidControlBodyError(f"{problems}. Expected {cls._expected()}") from None

    @classmethod
    def _expected(cls) -> str:
        """The fields, with a question mark behind the optional ones."""
        fields = (
            f'"{field.alias or name}"{"" if field.is_required() else "?"}' for name, field in cls.model_fields.items()
        )
        return f"{{{', '.join(fields)}}}: {cls.__doc__}"


class AdvanceBody(Body):
    """How far to move the clock."""

    seconds: Seconds


class PlayBody(Body):
    """How far to move the clock, and the frames that come in meanwhile."""

    seconds: Seconds
    fps: Pace = 10
    width: Pixels = 640
    height: Pixels = 360


class AccountBody(Body):
    """A key to accept: of a new user, of the user of another key, or of no user."""

    api_key: Key
    credits_cents: Annotated[StrictInt, Field(ge=0, lt=10**12)] | None = None
    same_user_as: Key | None = None
    without_user: StrictBool = False


class KeyBody(Body):
    """A key."""

    api_key: Key


class ModelBody(Body):
    """What a model is to be."""

    model: StrictStr
    status: Literal["ready", "degraded", "saturated", "loading", "unavailable"]


class LimitsBody(Body):
    """How many chats a user may begin in a second."""

    chats_per_second: Annotated[StrictInt, Field(ge=1, lt=10**9)]


class DrainingBody(Body):
    """Whether new streams and chats get 503."""

    draining: StrictBool


def _by_name(call: object) -> object:
    """A tool's name alone is a call of it."""
    return {"name": call} if isinstance(call, str) else call


def _listed(given: object) -> object:
    """One is a list of one."""
    return given if isinstance(given, list) else [given]


class CallBody(Body):
    """A call of a tool; without ``arguments``, which are an object or text, they are made up."""

    name: Key
    arguments: dict[str, Any] | StrictStr | None = None


class ReplyBody(Body):
    """One reply of the model; what is left out, the model makes up."""

    text: StrictStr | None = None
    json_: Annotated[Any, Field(alias="json")] = None
    tool_calls: list[Annotated[CallBody, BeforeValidator(_by_name)]] = []
    error: StrictStr | None = None
    blocked: StrictBool = False
    timeout: StrictBool = False
    unreachable: StrictBool = False
    upstream_status: StrictInt | None = None
    finish_reason: Literal["stop", "length", "content_filter", "tool_calls"] | None = None
    latency_seconds: Seconds | None = None
    tokens_per_second: Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)] | None = None


class WhenBody(Body):
    """Which questions match: those that meet all conditions."""

    prompt: StrictStr | None = None
    model: StrictStr | None = None
    mode: Literal["clip", "frame", "chat"] | None = None
    stream_id: StrictStr | None = None
    frames: Annotated[StrictInt, Field(ge=0)] | None = None


class RepliesBody(Body):
    """Replies to matching questions, one after the other; "times" is how many are answered, null for all."""

    reply: Annotated[list[ReplyBody], Field(min_length=1), BeforeValidator(_listed)]
    when: WhenBody = Field(default_factory=WhenBody)
    times: Annotated[StrictInt, Field(ge=1)] | None = None
    optional: StrictBool = False


def _text(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place))}: {message}" if place else message
