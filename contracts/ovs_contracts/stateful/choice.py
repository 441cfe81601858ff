"""What a step is about, out of what there is by then."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st


def sampled_by_state(known: Callable[[Any], Sequence[Any]]) -> st.SearchStrategy[Any]:
    """One of those that the machine knows; what is still running more often than what has ended."""

    def strategy(machine: Any) -> st.SearchStrategy[Any]:
        all_ = known(machine)
        running = [each for each in all_ if getattr(each, "ended", None) is None]
        return st.sampled_from([*running, *running, *running, *all_])

    return st.runner().flatmap(strategy)
