"""The results: on the screen while they come, and in RESULTS.md at the end."""

import os
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.children import PEERS
from benchmarks.limits import LIMITS, RETRIES, TOLERANCE
from benchmarks.measured import Group, Row, quantity

LIBRARIES = ("aiohttp", "aiortc", "av", "livekit", "numpy", "pydantic", "pytest")
PEER_LIBRARIES = ("moto", "openai-responses", "pytest-httpserver", "respx")
WIDTHS = (52, 34, 36, 7)
LIMITS_ARE = (
    f"at most {TOLERANCE} times those of a quiet machine. A row beyond its limit is measured up to {RETRIES} times "
    "again before the run fails."
)


@dataclass
class Report:
    """The rows measured so far, group by group."""

    groups: list[tuple[Group, list[Row]]] = field(default_factory=list)
    unmeasured: dict[str, str] = field(default_factory=dict)

    def begin(self, group: Group) -> None:
        self.groups.append((group, []))
        print(f"\n{group.title}", flush=True)

    def add(self, row: Row) -> None:
        self.groups[-1][1].append(row)
        self._print(row)

    def retry(self, rows: Iterable[Row]) -> None:
        """Put new measurements of the newest group in the place of those with the same keys."""
        print("  beyond a limit: measured again", flush=True)
        measured = self.groups[-1][1]
        for row in rows:
            measured[next(at for at, old in enumerate(measured) if old.key == row.key)] = row
            self._print(row)

    def broken_in(self, group: Group) -> set[str]:
        """The keys of the group's rows beyond their limit."""
        return {row.key for other, rows in self.groups if other is group for row in rows if row in self.broken}

    def _print(self, row: Row) -> None:
        cells = (row.what, row.measured(), row.beside(), _ratio(row))
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
        print(f"  {line}  {_verdict(row)}".rstrip(), flush=True)

    def miss(self, group: Group, why: str) -> None:
        """Note that the rest of the group could not be measured."""
        self.unmeasured[group.title] = why
        print(f"  not measured: {why}", flush=True)

    @property
    def rows(self) -> list[Row]:
        return [row for _, rows in self.groups for row in rows]

    @property
    def broken(self) -> list[Row]:
        """Rows beyond their limit."""
        return [row for row in self.rows if row.key in LIMITS and not LIMITS[row.key].holds(row)]

    def write(self, path: Path, took: float) -> None:
        path.write_text("\n".join(self._markdown(took)) + "\n", encoding="utf-8")

    def _markdown(self, took: float) -> Iterator[str]:
        yield "# Figures"
        yield ""
        yield "Written by `make bench`. Figures are medians, with the smallest and largest in brackets; a ratio is the"
        yield "figure over that of the peer beside it, measured in the same run, in turns. Absolute times are this"
        yield "machine's, and say little without their ratio."
        yield ""
        yield from (f"- {fact}" for fact in machine())
        yield f"- The run took {took:.0f} s; load of the machine (1, 5, 15 min): {_load()}"
        for group, rows in self.groups:
            yield from self._section(group, rows)
        yield from self._limits()

    def _section(self, group: Group, rows: list[Row]) -> Iterator[str]:
        yield from ("", f"## {group.title}", "", group.how, "")
        if rows:
            yield "| figure | measured | beside | ratio |"
            yield "| --- | ---: | --- | ---: |"
        for row in rows:
            yield f"| {row.what} | {row.measured()} | {row.beside()} | {_ratio(row)} |"
        if group.title in self.unmeasured:
            yield from ("", f"Not measured: {self.unmeasured[group.title]}")

    def _limits(self) -> Iterator[str]:
        yield from ("", "## Limits", "")
        yield f"Limits are ratios: {LIMITS_ARE}"
        yield ""
        yield "| figure | limit | measured | |"
        yield "| --- | --- | ---: | --- |"
        rows = {row.key: row for row in self.rows}
        for key, limit in LIMITS.items():
            row = rows.get(key)
            ratio = row.ratio if row else None
            measured = "not measured" if ratio is None else quantity(ratio)
            yield f"| {row.what if row else f'`{key}`'} | {limit} | {measured} | {_verdict(row) if row else ''} |"


def machine() -> list[str]:
    """The machine and the libraries, without names of hosts."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"{os.cpu_count()} cores, {_processor()}, {memory:.0f} GiB of memory",
        _versions(LIBRARIES, sys.path),
        f"Peers: {_versions(PEER_LIBRARIES, list(map(str, PEERS.glob('lib/python*/site-packages')))) or 'none'}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _versions(names: tuple[str, ...], path: list[str]) -> str:
    """What is installed there."""
    found = ((name, next(iter(distributions(name=name, path=path)), None)) for name in names)
    return ", ".join(f"{name} {installed.version}" for name, installed in found if installed)


def _load() -> str:
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())


def _ratio(row: Row) -> str:
    return "" if row.ratio is None else f"{quantity(row.ratio)}x"


def _verdict(row: Row) -> str:
    if row.key not in LIMITS or row.ratio is None:
        return ""
    limit = LIMITS[row.key]
    return "ok" if limit.holds(row) else f"BROKEN: {limit}"
