"""The table: on the screen while it grows, and in RESULTS.md at the end."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from benchmarks.children import PEERS
from benchmarks.limits import LIMITS
from benchmarks.measured import Group, Row, quantity

LIBRARIES = ("aiohttp", "aiortc", "av", "livekit", "numpy", "pydantic", "pytest")
PEER_LIBRARIES = ("moto", "openai-responses", "pytest-httpserver", "respx")
WIDTHS = (52, 34, 36, 7)


@dataclass
class Report:
    """What was measured so far, group by group."""

    groups: list[tuple[Group, list[Row]]] = field(default_factory=list)
    unmeasured: dict[str, str] = field(default_factory=dict)

    def begin(self, group: Group) -> None:
        self.groups.append((group, []))
        print(f"\n{group.title}", flush=True)

    def add(self, row: Row) -> None:
        self.groups[-1][1].append(row)
        cells = (row.what, row.measured(), row.beside(), _ratio(row))
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
        print(f"  {line}  {_verdict(row)}".rstrip(), flush=True)

    def miss(self, group: Group, why: str) -> None:
        """The rest of the group could not be measured."""
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
        yield "figure over that of the peer beside it, measured in the same run. Absolute times are this machine's, and"
        yield "say little without their ratio."
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
        yield from ("", "## Limits", "", "A run that is beyond one of these fails.", "")
        yield "| figure | limit | measured | |"
        yield "| --- | --- | ---: | --- |"
        rows = {row.key: row for row in self.rows}
        for key, limit in LIMITS.items():
            row = rows.get(key)
            measured = limit.measured(row) if row else None
            name, unit = (row.what, row.unit) if row else (f"`{key}`", "")
            shown = "not measured" if measured is None else quantity(measured)
            yield f"| {name} | {limit.text(unit)} | {shown} | {_verdict(row) if row else ''} |"


def machine() -> list[str]:
    """Where and with what this runs, without names."""
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
    if row.key not in LIMITS:
        return ""
    limit = LIMITS[row.key]
    return "" if limit.measured(row) is None else "ok" if limit.holds(row) else f"BROKEN: {limit.text(row.unit)}"
