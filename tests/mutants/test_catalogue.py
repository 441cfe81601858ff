"""The list of drifts: well named, spread over the API, and each of them starts."""

import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from ovs_mock.mutants.mutant import NO_DRIFT
from ovs_mock.mutants.registry import AREAS, DRIFTS, UnknownMutantError, named
from ovs_mock.server.server import MockServer

LISTED = [drift for area in AREAS for drift in area]
COMMAND = [sys.executable, "-m", "ovs_mock"]


def test_names_are_unique_and_in_small_letters_with_hyphens() -> None:
    names = [drift.name for drift in LISTED]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)] == []


def test_there_are_many_and_they_are_spread_over_the_api() -> None:
    assert len(DRIFTS) >= 140
    parts = Counter(drift.area.partition("/")[0] for drift in LISTED)
    assert set(parts) == {"v02", "v1", "v1beta", "chat", "access", "cors", "billing", "livekit", "service"}
    assert min(parts.values()) >= 5


def test_what_they_say_is_one_sentence_of_its_own() -> None:
    said = [drift.says for drift in LISTED]
    assert [text for text in said if not text or text.endswith(".") or "\n" in text] == []
    assert [text for text, count in Counter(said).items() if count > 1] == []


async def test_every_drift_starts() -> None:
    for drift in LISTED:
        async with MockServer(drift=drift) as server:
            assert server.drift is drift


def test_a_name_that_no_drift_has_gets_near_ones() -> None:
    with pytest.raises(UnknownMutantError, match="'sse-without-don': did you mean 'sse-without-done'"):
        named("sse-without-don")
    with pytest.raises(UnknownMutantError, match="see 'ovs-mock drifts'"):
        MockServer(drift="qqqqqq")
    assert named("none") is NO_DRIFT


def test_the_command_line_lists_them() -> None:
    rows = json.loads(subprocess.run([*COMMAND, "drifts", "--json"], capture_output=True, check=True).stdout)
    assert [row["name"] for row in rows] == list(DRIFTS)
    assert set(rows[0]) == {"name", "area", "says"}
    text = subprocess.run([*COMMAND, "drifts"], capture_output=True, check=True, text=True).stdout
    assert len(text.splitlines()) == len(rows)


def test_the_command_line_refuses_an_unknown_one_in_one_line() -> None:
    failed = subprocess.run(
        [*COMMAND, "serve", "--drift", "sse-done-twise"], capture_output=True, check=False, text=True, timeout=60
    )
    assert failed.returncode == 2
    (line,) = failed.stderr.splitlines()
    assert "'--drift'" in line
    assert "did you mean 'sse-done-twice'" in line
