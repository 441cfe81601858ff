"""From a fault in JSON to one of the registry, by the method names of Python."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError, validate_call

from ovs_mock.faults.builders import FaultBuilder, RegistryAccess
from ovs_mock.faults.fault import Fault
from ovs_mock.faults.faults import Faults
from ovs_mock.faults.registry import FaultRegistry
from ovs_mock.faults.schedule import FaultError
from ovs_mock.server.controls.schemas import Body, InvalidControlBodyError

WHERE = ("socket", "chat_stream", "room", "lease", "credits", "model")
NARROWED = ("stream_id", "version", "model", "api_key")
STRICT = ConfigDict(strict=True, arbitrary_types_allowed=True)
COUNTED = ("after", "at", "every", "times")


class FaultBody(Body):
    """What goes wrong where, and when; where is a call such as "POST /v1/streams", or one of the words for the rest."""

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


def fault(registry: FaultRegistry, asked: FaultBody) -> Fault:
    """Set the fault that is meant; WrongBodyError for one that cannot be."""
    try:
        chosen = _chosen(_planned(Faults(RegistryAccess(lambda: registry, lambda function: function())), asked), asked)
        words = _words(chosen)
        if asked.do not in words:
            raise InvalidControlBodyError(
                f"do: {asked.do!r} does not go with on {asked.on!r}; expected {', '.join(words)}"
            )
        do: Callable[..., Fault] = getattr(chosen, asked.do)
        return validate_call(config=STRICT)(do)(**asked.with_)
    except FaultError as error:
        raise InvalidControlBodyError(str(error)) from None
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise InvalidControlBodyError(f"with: {'; '.join(problems)}") from None


def _planned(faults: Faults, asked: FaultBody) -> Faults:
    for name in COUNTED:
        if (value := getattr(asked, name)) is not None:
            faults = getattr(faults, name)(value)
    faults = faults.always() if asked.always else faults
    faults = faults.optional() if asked.optional else faults
    faults = faults if asked.rate is None else faults.rate(asked.rate, asked.seed)
    return faults if asked.between is None else faults.between(*asked.between)


def _chosen(faults: Faults, asked: FaultBody) -> FaultBuilder:
    which = getattr(faults, f"on_{asked.on}") if asked.on in WHERE else faults.on
    if which == faults.on and " " not in asked.on and not asked.on.startswith(("/", "*")):
        raise InvalidControlBodyError(
            f"on: {asked.on!r}: expected a call such as 'POST /v1/streams', or {', '.join(WHERE)}"
        )
    narrowed = {name: value for name in NARROWED if (value := getattr(asked, name)) is not None}
    known = inspect.signature(which).parameters
    if unknown := sorted(narrowed.keys() - known.keys()):
        raise InvalidControlBodyError(f"{', '.join(unknown)}: does not go with on {asked.on!r}")
    chosen: FaultBuilder = which(asked.on, **narrowed) if which == faults.on else which(**narrowed)
    return chosen


def _words(chosen: FaultBuilder) -> list[str]:
    """What can go wrong there."""
    return [name for name in dir(type(chosen)) if not name.startswith("_") and not hasattr(FaultBuilder, name)]
