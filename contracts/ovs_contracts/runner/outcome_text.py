"""How a terminal shows outcomes."""

from collections.abc import Mapping

from ovs_contracts.report.model import Outcome

SIGNS = {Outcome.HOLDS: "✓", Outcome.DRIFTED: "✗", Outcome.ANSWERED: "?", Outcome.UNCHECKED: "-"}
STYLES = {
    Outcome.HOLDS: "green",
    Outcome.DRIFTED: "bold red",
    Outcome.ANSWERED: "cyan",
    Outcome.UNCHECKED: "yellow",
}


def counted(counts: Mapping[Outcome, int]) -> str:
    """``✓ 30 ✗ 2 - 5``, in rich's markup."""
    return " ".join(f"[{STYLES[o]}]{SIGNS[o]} {counts[o]}[/]" for o in Outcome if counts.get(o))
