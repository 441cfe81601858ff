"""Sets faults from JSON, which has the names of the Python API."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError, validate_call

from ovs_mock.faults.builders import FaultBuilder, RegistryAccess
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.faults import Faults
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.faults.schedule import FaultError
from ovs_mock.server.controls.errors import InvalidControlBodyError
from ovs_mock.server.controls.schemas import Body

PLACES = ("socket", "chat_stream", "room", "lease", "credits", "model")
FILTERS = ("stream_id", "version", "model", "api_key")
STRICT = ConfigDict(strict=True, arbitrary_types_allowed=True)
TIMES = ("after", "at", "every", "times")


class FaultBody(Body):
    """A fault: "on" is a call such as "POST /v1/streams" or another place, "do" is what goes wrong there."""

    on: Annotated[StrictStr, Field(min_length=1)]
    do: StrictStr
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    stream_id: StrictStr | None = None
    version: StrictStr | None = None
    model: StrictStr | None = None
    api_key: StrictStr | None = None
    times: StrictInt | None = None
    always: StrictBool = False
    every: StrictInt | None = None
    rate: StrictFloat | None = None
    seed: StrictInt = 0
    after: StrictInt | None = None
    at: StrictFloat | None = None
    between: tuple[StrictFloat, StrictFloat] | None = None
    optional: StrictBool = False


def set_on(registry: FaultRegistry, body: FaultBody) -> Fault:
    """Set a fault; raises InvalidControlBodyError for one that is not possible."""
    try:
        faults = _scheduled(Faults(RegistryAccess(lambda: registry, lambda function: function())), body)
        builder = _builder(faults, body)
        actions = _actions(builder)
        if body.do not in actions:
            raise InvalidControlBodyError(
                f"do: {body.do!r} does not go with on {body.on!r}; expected {', '.join(actions)}"
            )
        act: Callable[..., Fault] = getattr(builder, body.do)
        return validate_call(config=STRICT)(act)(**body.with_)
    except FaultError as error:
        raise InvalidControlBodyError(str(error)) from None
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise InvalidControlBodyError(f"with: {'; '.join(problems)}") from None


def _scheduled(faults: Faults, body: FaultBody) -> Faults:
    for name in TIMES:
        if (value := getattr(body, name)) is not None:
            faults = getattr(faults, name)(value)
    faults = faults.always() if body.always else faults
    faults = faults.optional() if body.optional else faults
    faults = faults if body.rate is None else faults.rate(body.rate, body.seed)
    return faults if body.between is None else faults.between(*body.between)


def _builder(faults: Faults, body: FaultBody) -> FaultBuilder:
    on = getattr(faults, f"on_{body.on}") if body.on in PLACES else faults.on
    if on == faults.on and " " not in body.on and not body.on.startswith(("/", "*")):
        raise InvalidControlBodyError(
            f"on: {body.on!r}: expected a call such as 'POST /v1/streams', or {', '.join(PLACES)}"
        )
    filters = {name: value for name in FILTERS if (value := getattr(body, name)) is not None}
    known = inspect.signature(on).parameters
    if unknown := sorted(filters.keys() - known.keys()):
        raise InvalidControlBodyError(f"{', '.join(unknown)}: does not go with on {body.on!r}")
    builder: FaultBuilder = on(body.on, **filters) if on == faults.on else on(**filters)
    return builder


def _actions(builder: FaultBuilder) -> list[str]:
    """The names of what can go wrong there."""
    return [name for name in dir(type(builder)) if not name.startswith("_") and not hasattr(FaultBuilder, name)]
