"""All mutants by name."""

from collections.abc import Iterable
from difflib import get_close_matches

from ovs_mock.mutants.catalogue import (
    access,
    billing,
    cameras,
    chat_bodies,
    chat_errors,
    chat_replies,
    chat_threads,
    cors,
    limits,
    livekit,
    models,
    references,
    regions,
    segments,
    service,
    sse,
    streams_ending,
    streams_lease,
    streams_made,
    streams_status,
    v02_accounts,
    v02_bodies,
    v02_cadence,
    v02_closing,
    v02_create,
    v02_errors,
    v02_feedback,
    v02_info,
    v02_lease,
    v02_models,
    v02_prompt,
    v02_reinfer,
    v02_results,
    v02_socket,
)
from ovs_mock.mutants.mutant import NO_MUTANT, Mutant

AREAS: tuple[Iterable[Mutant], ...] = (
    v02_create.MUTANTS,
    v02_bodies.MUTANTS,
    v02_errors.MUTANTS,
    v02_lease.MUTANTS,
    v02_accounts.MUTANTS,
    v02_prompt.MUTANTS,
    v02_info.MUTANTS,
    v02_feedback.MUTANTS,
    v02_models.MUTANTS,
    v02_reinfer.MUTANTS,
    v02_socket.MUTANTS,
    v02_closing.MUTANTS,
    v02_results.MUTANTS,
    v02_cadence.MUTANTS,
    streams_made.MUTANTS,
    streams_status.MUTANTS,
    streams_lease.MUTANTS,
    streams_ending.MUTANTS,
    cameras.MUTANTS,
    references.MUTANTS,
    segments.MUTANTS,
    chat_bodies.MUTANTS,
    chat_replies.MUTANTS,
    chat_threads.MUTANTS,
    chat_errors.MUTANTS,
    sse.MUTANTS,
    models.MUTANTS,
    access.MUTANTS,
    limits.MUTANTS,
    regions.MUTANTS,
    cors.MUTANTS,
    billing.MUTANTS,
    livekit.MUTANTS,
    service.MUTANTS,
)
MUTANTS: dict[str, Mutant] = {mutant.name: mutant for area in AREAS for mutant in area}


class UnknownMutantError(ValueError):
    """No mutant has that name. The message suggests similar names."""


def get_mutant(name: str) -> Mutant:
    """Return the mutant with that name; raise UnknownMutantError if there is none."""
    if name == NO_MUTANT.name:
        return NO_MUTANT
    if name not in MUTANTS:
        near = get_close_matches(name, MUTANTS, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see 'ovs-mock mutants'"
        raise UnknownMutantError(f"there is no mutant {name!r}: {hint}")
    return MUTANTS[name]
