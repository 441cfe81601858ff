"""Writes docs/API.md: every public name with its docstring. Fails when a docstring is missing or incomplete.

python tools/api_reference.py            # writes the file
"""

import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest_ovs_mock
from pytest_ovs_mock import plugin

import ovs_mock

TARGET = Path(__file__).parents[1] / "docs" / "API.md"
PACKAGES: tuple[ModuleType, ...] = (ovs_mock, pytest_ovs_mock)
FIXTURES = ("ovs", "ovs_settings", "ovs_clock", "ovs_server", "ovs_publish", "ovs_intercepted", "ovs_guard")
# Reached through an attribute of an exported class.
REACHED = ("ovs_mock.handle.aio.AsyncOvs",)
# Classes whose docstrings do not describe all arguments and results yet. The list may only get shorter.
INCOMPLETE = {
    *("BackgroundPublisher", "Bill", "Fault", "Faults", "FrozenClock", "Journal", "MockServer", "Question"),
    *("RealClock", "Reply", "RunningClock", "ScriptedModel"),
}

HEAD = """# Public API

`python tools/api_reference.py` writes this page from the docstrings. What it does not list is internal and may change
in any release: modules of the packages, names with an underscore, and names that a package does not export.
"""
SECTION = re.compile(r"^(Args|Attributes|Returns|Yields|Raises):$")
TWIN = re.compile(r"As ``[A-Z]\w+\.\w+``")


def document() -> str:
    """The whole page."""
    parts = [HEAD]
    for package in PACKAGES:
        parts.append(f"## {package.__name__}\n\n{_markdown(package)}")
        parts += [_entry(name, value) for name, value in exports(package)]
    parts.append("## Fixtures\n\nOf the pytest plugin, which pytest loads by itself.\n")
    parts += [f"### `{name}`\n\n{_markdown(getattr(plugin, name))}" for name in FIXTURES]
    return "\n".join(parts)


def exports(package: ModuleType) -> Iterator[tuple[str, Any]]:
    """The public names of a package and their values, and then what is reached through them."""
    for name in package.__all__:
        yield name, getattr(package, name)
    for path in REACHED:
        module, name = path.rsplit(".", 1)
        if module.startswith(f"{package.__name__}."):
            yield name, getattr(sys.modules[module], name)


def members(owner: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class and of its bases in the same packages, by name."""
    found: dict[str, Any] = {}
    for base in reversed(owner.__mro__):
        if base.__module__.startswith("ovs_"):
            found |= {name: value for name, value in vars(base).items() if _is_documented(name, value)}
    yield from sorted(found.items())


def problems(*, but: Collection[str] = INCOMPLETE) -> Iterator[str]:
    """What is wrong with the docstrings of the public API, except of some classes, each with its name."""
    for package in PACKAGES:
        for name, value in exports(package):
            if name in but:
                continue
            yield from _problems(name, value)
            if inspect.isclass(value):
                for member, attribute in members(value):
                    yield from _problems(f"{name}.{member}", attribute)


def _is_documented(name: str, value: object) -> bool:
    kinds = (FunctionType, property, classmethod, staticmethod)
    return isinstance(value, kinds) and (not name.startswith("_") or name == "__call__")


def _problems(name: str, value: Any) -> Iterator[str]:
    text = inspect.getdoc(value) or ""
    # A dataclass and an Enum have one by default.
    if not text or text.startswith((f"{name}(", "An enumeration.")):
        yield f"{name}: no docstring"
        return
    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    if isinstance(function, FunctionType) and not TWIN.match(text):
        yield from (f"{name}: {problem}" for problem in _section_problems(function, text))


def _section_problems(function: Callable[..., Any], text: str) -> Iterator[str]:
    signature = inspect.signature(function)
    named = [p.name for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD][1:]
    keywords = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    described = re.findall(r"^    (\w+):", _section(text, "Args"), re.MULTILINE)
    yield from (f"no argument {name} in Args" for name in named if name not in described)
    if not keywords:
        yield from (f"{name} in Args is no argument" for name in described if name not in named)
    if signature.return_annotation not in (None, "None", inspect.Signature.empty) and not re.search(
        r"^(Returns|Yields):$", text, re.MULTILINE
    ):
        yield "no Returns"


def _section(text: str, title: str) -> str:
    found = re.search(rf"^{title}:\n((?:    .*\n?|\n)*)", text, re.MULTILINE)
    return found.group(1) if found else ""


def _entry(name: str, value: Any) -> str:
    if isinstance(value, ModuleType) or not inspect.isclass(value):
        return f"### `{name}`\n\n{_markdown(value)}"
    parts = [f"### `{name}`\n\n{_markdown(value)}"]
    if issubclass(value, Enum):
        parts.append("Values: " + ", ".join(f"`{each.value}`" for each in value) + "\n")
    for member, attribute in members(value):
        parts.append(f"#### `{_heading(name, member, attribute)}`\n\n{_markdown(attribute)}")
    return "\n".join(parts)


def _heading(owner: str, name: str, value: Any) -> str:
    if isinstance(value, property):
        return f"{owner}.{name}"
    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    parameters = [p.replace(annotation=p.empty) for p in inspect.signature(function).parameters.values()]
    shown = parameters if isinstance(value, staticmethod) else parameters[1:]
    signature = str(inspect.Signature(shown))
    before = "await " if inspect.iscoroutinefunction(function) else ""
    return f"{before}{owner}{signature}" if name == "__call__" else f"{before}{owner}.{name}{signature}"


def _markdown(value: Any) -> str:
    """The docstring, with its sections as lists."""
    lines, section = [], ""
    for line in (inspect.getdoc(value) or "").replace("``", "`").splitlines():
        if title := SECTION.match(line):
            section = title.group(1)
            lines += [f"**{section}**", ""]
        elif section in ("Args", "Attributes", "Raises"):
            lines.append(re.sub(r"^    ([\w.]+): ", r"- `\1`: ", line) if re.match(r"    \S", line) else line[6:])
        else:
            lines.append(line.removeprefix("    ") if section else line)
    return "\n".join(line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    if found := list(problems()):
        sys.exit("\n".join(found))
    TARGET.write_text(document())
