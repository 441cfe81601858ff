"""Two targets side by side, with everything around them that a run has: budget, memory, tidying up."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace

import httpx

from ovs_contracts.differential.compare import compare
from ovs_contracts.differential.difference import Difference
from ovs_contracts.runner.launch import ends_when_told
from ovs_contracts.runner.options import Options
from ovs_contracts.runner.run import Run
from ovs_contracts.safety.errors import NotAllowedError
from ovs_contracts.targets.target import UnavailableError


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """What came of it, and what it cost."""

    differences: tuple[Difference, ...]
    cents: float
    notes: tuple[str, ...]


def compared(
    options: Options, against: str, *, length: int, asking: bool, progress: Callable[[int, object], None]
) -> ComparisonResult:
    """Do the same at the target of the options and at another. An UnavailableError when it came to no end."""
    runs = [Run(each, resumable=False) for each in (options, replace(options, target=against))]
    with ExitStack() as stack, ends_when_told():
        for run in runs:
            run.open()
            stack.enter_context(closing(run))
        try:
            found = compare(
                runs[0].session,
                runs[1].session,
                seed=options.seed,
                length=length,
                max_streams=options.max_streams,
                asking=asking,
                progress=progress,
            )
        except NotAllowedError as refusal:
            raise UnavailableError(f"stopped before the end: {refusal.reason}") from None
        except httpx.TransportError as error:
            raise UnavailableError(f"a target went away: {type(error).__name__}: {error}") from None
    notes = [note for run in runs for note in run.notes]
    return ComparisonResult(differences=tuple(found), cents=sum(run.spent() for run in runs), notes=tuple(notes))
