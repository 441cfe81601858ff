"""The list of mutants: well named, spread over the API, and each of them starts."""

import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from ovs_mock.mutants.mutant import NO_MUTANT
from ovs_mock.mutants.registry import AREAS, MUTANTS, UnknownMutantError, get_mutant
from ovs_mock.server.server import MockServer

LISTED = [mutant for area in AREAS for mutant in area]
COMMAND = [sys.executable, "-m", "ovs_mock"]


def test_names_are_unique_and_in_small_letters_with_hyphens() -> None:
    names = [mutant.name for mutant in LISTED]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)] == []


def test_there_are_many_and_they_are_spread_over_the_api() -> None:
    assert len(MUTANTS) >= 140
    parts = Counter(mutant.area.partition("/")[0] for mutant in LISTED)
    assert set(parts) == {"v02", "v1", "v1beta", "chat", "access", "cors", "billing", "livekit", "service"}
    assert min(parts.values()) >= 5


def test_descriptions_are_unique_and_one_sentence() -> None:
    descriptions = [mutant.description for mutant in LISTED]
    assert [text for text in descriptions if not text or text.endswith(".") or "\n" in text] == []
    assert [text for text, count in Counter(descriptions).items() if count > 1] == []


async def test_every_mutant_starts() -> None:
    for mutant in LISTED:
        async with MockServer(mutant=mutant) as server:
            assert server.mutant is mutant


def test_an_unknown_name_gets_similar_ones() -> None:
    with pytest.raises(UnknownMutantError, match="'sse-without-don': did you mean 'sse-without-done'"):
        get_mutant("sse-without-don")
    with pytest.raises(UnknownMutantError, match="see 'ovs-mock mutants'"):
        MockServer(mutant="qqqqqq")
    assert get_mutant("none") is NO_MUTANT


def test_the_command_line_lists_them() -> None:
    rows = json.loads(subprocess.run([*COMMAND, "mutants", "--json"], capture_output=True, check=True).stdout)
    assert [row["name"] for row in rows] == list(MUTANTS)
    assert set(rows[0]) == {"name", "area", "description"}
    text = subprocess.run([*COMMAND, "mutants"], capture_output=True, check=True, text=True).stdout
    assert len(text.splitlines()) == len(rows)


def test_the_command_line_refuses_an_unknown_one_in_one_line() -> None:
    failed = subprocess.run(
        [*COMMAND, "serve", "--mutant", "sse-done-twise"], capture_output=True, check=False, text=True, timeout=60
    )
    assert failed.returncode == 2
    (line,) = failed.stderr.splitlines()
    assert "'--mutant'" in line
    assert "did you mean 'sse-done-twice'" in line
