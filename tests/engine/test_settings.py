"""``help(ovs_mock.Settings)`` shows the class's docstring, editors show the string below a field: both say the same."""

import ast
import inspect
import re
from dataclasses import fields

import pytest

from ovs_mock import Settings

DOCSTRING = inspect.getdoc(Settings) or ""
ATTRIBUTES = DOCSTRING.partition("Attributes:\n")[2].partition("\n\nRaises:")[0]
NAMES = [field.name for field in fields(Settings)]


def _in_class_docstring(name: str) -> str:
    """What the section *Attributes* says of a field, on one line."""
    found = re.search(rf"^    {name}: (.+?)(?=^    \w|\Z)", ATTRIBUTES, re.MULTILINE | re.DOTALL)
    assert found, f"{name} is missing in the docstring of Settings"
    return " ".join(found[1].split())


def _below_fields() -> dict[str, str]:
    """The string below each field, on one line."""
    body = ast.parse(inspect.getsource(Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    below = {}
    for field, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            below[ast.unparse(field.target)] = " ".join(str(after.value.value).split())
    return below


@pytest.mark.parametrize("name", NAMES)
def test_help_and_editors_say_the_same_of_each_field(name: str) -> None:
    assert _in_class_docstring(name) == _below_fields().get(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_field_names_its_default(name: str) -> None:
    said = re.search(r"Default: ([\w.,]+)", _in_class_docstring(name))
    assert said
    default, expected = said[1].rstrip(".,"), getattr(Settings(), name)
    shown = {"": "empty", "()": "none"}.get(str(expected), f"{expected:,}" if type(expected) is int else str(expected))
    assert default == shown


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(("_seconds", "_cents", "cents_per_minute"))])
def test_each_field_with_a_unit_names_it(name: str) -> None:
    unit = "second" if name.endswith("_seconds") else "US cents"
    assert unit in _in_class_docstring(name).lower().replace("us cents", "US cents")
