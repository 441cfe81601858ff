"""The mutants that the installed mock can be."""

import subprocess
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import TypeAdapter

from ovs_contracts.mutation.results import MutantInfo, NoSuchMutantError, SelfTestError

COMMAND = (sys.executable, "-m", "ovs_mock", "mutants", "--json")


def mutants(names: Sequence[str] | None = None) -> list[MutantInfo]:
    """All mutants, or those of these names.

    Raises:
        NoSuchMutantError: There is no mutant of a name.
        SelfTestError: The mock does not list its mutants.
    """
    listed = subprocess.run(COMMAND, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if listed.returncode:
        *_, why = ["it does not say why", *listed.stderr.strip().splitlines()]
        raise SelfTestError(f"the mock does not list its mutants: {why}")
    known = {mutant.name: mutant for mutant in TypeAdapter(list[MutantInfo]).validate_json(listed.stdout)}
    for name in names or ():
        if name not in known:
            near = get_close_matches(name, known, n=3)
            hint = f": did you mean {' or '.join(near)}?" if near else ""
            raise NoSuchMutantError(f"there is no mutant {name!r}{hint}")
    return list(known.values()) if names is None else [known[name] for name in dict.fromkeys(names)]
