"""Limits are ratios near what was measured, and a row beyond its limit is measured again before it fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import main
from benchmarks.limits import LIMITS, RETRIES, TOLERANCE, Limit
from benchmarks.measured import Group, Row
from benchmarks.report import Report

KEY = "call.models"
ROOT = Path(__file__).parents[2]


def row(ratio: float, key: str = KEY) -> Row:
    return Row(key=key, what="a call", unit="ms", samples=[ratio], peer="peer", peer_samples=[1.0])


@pytest.mark.parametrize("limit", LIMITS.values(), ids=str)
def test_a_limit_is_at_most_half_above_what_was_measured(limit: Limit) -> None:
    assert 1 < limit.tolerance <= 1.5
    assert limit.holds(row(limit.measured))
    beyond = 1.5 if limit.must_be == "at most" else 1 / 1.5
    assert not limit.holds(row(limit.measured * beyond))


@pytest.mark.parametrize("limit", [limit for limit in LIMITS.values() if limit.tolerance == TOLERANCE], ids=str)
def test_a_limit_lets_figures_move_by_a_fifth(limit: Limit) -> None:
    assert limit.holds(row(limit.measured * 1.2))
    assert limit.holds(row(limit.measured * 0.8))


@pytest.mark.parametrize("key", LIMITS)
def test_each_limit_belongs_to_a_row(key: str) -> None:
    sources = "".join(p.read_text() for p in (ROOT / "benchmarks").glob("*.py") if p.name != "limits.py")
    prefix, _, last = key.rpartition(".")
    assert f'"{key}"' in sources or f'"{prefix}.{{mode}}"' in sources, last


def test_a_row_without_its_peer_has_no_limit() -> None:
    alone = Row(key=KEY, what="a call", unit="ms", samples=[1_000.0])
    assert LIMITS[KEY].holds(alone)


def test_the_ratio_of_pairs_is_their_median() -> None:
    """A round in which the machine was busy changes both samples, and not the ratio."""
    samples, peers = [2.0, 20.0, 2.2, 40.0, 2.1], [1.0, 10.0, 1.0, 10.0, 1.0]
    paired = Row(key="", what="", unit="ms", samples=samples, peer="peer", peer_samples=peers, paired=True)
    assert paired.ratio == pytest.approx(2.1)


def run(monkeypatch: pytest.MonkeyPatch, ratios: list[float]) -> tuple[int, int]:
    """The status of a run whose only group has these ratios, one for each time it is measured, and those times."""
    left = iter(ratios)
    measured = []

    def measure() -> Iterator[Row]:
        measured.append(row(next(left)))
        yield measured[-1]
        yield row(0.1, key="")

    monkeypatch.setattr(main, "GROUPS", {"one": Group(title="One", how="", measure=measure)})
    return main.main(["one"]), len(measured)


GOOD, BAD = LIMITS[KEY].measured, LIMITS[KEY].measured * 2


def test_a_run_within_its_limits_measures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, [GOOD]) == (0, 1)


def test_a_row_beyond_its_limit_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, [BAD, BAD, GOOD]) == (0, 3)


def test_a_row_that_stays_beyond_its_limit_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, [BAD] * (RETRIES + 1)) == (1, RETRIES + 1)
    printed = capsys.readouterr().out
    assert "BROKEN" in printed
    assert "1 limits broken" in printed


def test_the_results_show_the_last_measurement_and_the_limit(tmp_path: Path) -> None:
    report = Report()
    report.begin(Group(title="One", how="", measure=lambda: iter(())))
    report.add(row(BAD))
    report.retry(iter([row(GOOD)]))
    report.write(tmp_path / "RESULTS.md", took=1.0)
    limits = (tmp_path / "RESULTS.md").read_text(encoding="utf-8").partition("## Limits")[2]
    assert f"| a call | {LIMITS[KEY]} | {GOOD:.2f} | ok |" in limits
