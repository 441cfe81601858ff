"""The field's words: names that this project has given up do not come back, and no name stands for two things."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = ("ovs_mock", "ovs_common", "pytest_plugin", "contracts")

# What each stands for now is in the second column. Checked in every part of a name: ``courier_of`` and ``OwnCourier``.
RETIRED = {
    "arrangements": "admin",
    "audience": "subscribers",
    "conductor": "runner plugin",
    "conformity": "response validator",
    "courier": "message filter",
    "couriers": "message filters",
    "deed": "fault action",
    "doorkeeper": "join interceptor",
    "drifting": "mutant",
    "face": "handle",
    "footage": "frame injector, frame source",
    "insist": "retry",
    "mourned": "exit handling",
    "obstacle": "skip reason",
    "powers": "capabilities",
    "replier": "callback",
    "seat": "publisher session",
    "shelf": "pixel store",
    "shots": "frame sequence",
    "studio": "frame target",
    "tally": "counter, progress",
    "tempo": "pacing",
    "timetable": "schedule",
    "unsaid": "unchecked",
    "visitor": "participant",
    "witness": "recording filter",
}
# Checked as whole names of modules, classes and functions.
RETIRED_NAMES = {
    "Aim",
    "Board",
    "Closing",
    "Cut",
    "Hold",
    "House",
    "LiveOvs",
    "RefusedError",
    "Stage",
    "Way",
    "Why",
    "World",
    "by_path",
    "chat_words",
    "hang_up",
    "lead",
    "made_of",
    "more_words",
    "own_words",
    "put_out",
    "says",
    "selecting",
    "send_away",
    "take",
    "untouched",
}
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs")
RETIRED_PROSE = ("courier", "dialect", "deed", "witness", "conductor", "drifting mock", "the house", "the hall")


@cache
def sources() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for top in SHIPPED for path in sorted((ROOT / top).rglob("*.py"))}


def definitions(tree: ast.Module) -> Iterator[str]:
    """Classes, functions and parameters that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()):
                yield node.attr


def parts(name: str) -> set[str]:
    """The words that a name is made of, in lower case."""
    return {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def test_retired_words_are_in_no_name() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name} (say {', '.join(RETIRED[word] for word in used)})"
        for path, tree in sources().items()
        for name in (path.stem, *definitions(tree))
        if (used := parts(name) & RETIRED.keys())
    }
    assert found == set()


def test_retired_names_name_nothing() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path, tree in sources().items()
        for name in (path.stem, *definitions(tree))
        if name.lstrip("_") in RETIRED_NAMES
    }
    assert found == set()


def test_a_class_name_stands_for_one_class() -> None:
    homes = defaultdict(list)
    for path, tree in sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_the_pages_use_the_words_of_the_field() -> None:
    pages = [page for each in PAGES for page in ([ROOT / each] if each.endswith(".md") else (ROOT / each).glob("*.md"))]
    found = {
        f"{page.relative_to(ROOT)}:{number}: {word}"
        for page in pages
        for number, line in enumerate(page.read_text().splitlines(), 1)
        for word in RETIRED_PROSE
        if re.search(rf"\b{word}s?\b", line, re.IGNORECASE)
    }
    assert found == set()
