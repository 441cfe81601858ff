"""The body that opens a tenant, checked field by field. Pure."""

from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import ConfigDict, Field, StrictStr, ValidationError, create_model

from ovs_mock.engine.settings import Settings
from ovs_mock.server.controls.errors import InvalidControlBodyError
from ovs_mock.server.controls.schemas import Body

# The form of the API's own keys: the journal hides no others.
ApiKey = Annotated[StrictStr, Field(pattern=r"^ovs[-_][A-Za-z0-9_-]{1,200}$")]
HINTS = get_type_hints(Settings)
NAMES = tuple(HINTS)


class TenantBody(Body):
    """All may be left out. A key begins with ovs- or ovs_; settings are those of ovs_mock.Settings."""

    api_key: ApiKey | None = None
    clock: Literal["running", "frozen"] = "running"
    settings: dict[str, Any] = Field(default_factory=dict)


def settings(body: TenantBody, name: str) -> Settings:
    """The settings, with ``name`` when they have none; raises InvalidControlBodyError, which names the field."""
    if problems := "; ".join(_unknown(body.settings)):
        raise InvalidControlBodyError(problems)
    try:
        checked = _FIELDS.model_validate(body.settings, strict=True)
        given = {field: getattr(checked, field) for field in checked.model_fields_set}
        return Settings(**{"name": name, **given})
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        problems = "; ".join(f"settings.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in errors)
        raise InvalidControlBodyError(problems) from None
    except ValueError as error:
        raise InvalidControlBodyError(f"settings.{error}") from None


def _unknown(given: dict[str, Any]) -> Iterator[str]:
    for name in given:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1)
            hint = f"did you mean {near[0]}?" if near else f"expected {', '.join(NAMES)}"
            yield f"settings.{name[:40]}: there is no such setting; {hint}"


_definitions: dict[str, Any] = {field.name: (HINTS[field.name], field.default) for field in fields(Settings)}
_FIELDS = create_model(
    "SettingsBody",
    __config__=ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True),
    **_definitions,
)
