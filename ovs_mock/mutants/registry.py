"""All drifts by name, and the one that somebody asks for."""

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
from ovs_mock.mutants.mutant import NO_DRIFT, Mutant

AREAS: tuple[Iterable[Mutant], ...] = (
    v02_create.DRIFTS,
    v02_bodies.DRIFTS,
    v02_errors.DRIFTS,
    v02_lease.DRIFTS,
    v02_accounts.DRIFTS,
    v02_prompt.DRIFTS,
    v02_info.DRIFTS,
    v02_feedback.DRIFTS,
    v02_models.DRIFTS,
    v02_reinfer.DRIFTS,
    v02_socket.DRIFTS,
    v02_closing.DRIFTS,
    v02_results.DRIFTS,
    v02_cadence.DRIFTS,
    streams_made.DRIFTS,
    streams_status.DRIFTS,
    streams_lease.DRIFTS,
    streams_ending.DRIFTS,
    cameras.DRIFTS,
    references.DRIFTS,
    segments.DRIFTS,
    chat_bodies.DRIFTS,
    chat_replies.DRIFTS,
    chat_threads.DRIFTS,
    chat_errors.DRIFTS,
    sse.DRIFTS,
    models.DRIFTS,
    access.DRIFTS,
    limits.DRIFTS,
    regions.DRIFTS,
    cors.DRIFTS,
    billing.DRIFTS,
    livekit.DRIFTS,
    service.DRIFTS,
)
DRIFTS: dict[str, Mutant] = {drift.name: drift for area in AREAS for drift in area}


class UnknownMutantError(ValueError):
    """There is no drift of that name. The message names similar ones."""


def named(name: str) -> Mutant:
    """The drift of that name."""
    if name == NO_DRIFT.name:
        return NO_DRIFT
    if name not in DRIFTS:
        near = get_close_matches(name, DRIFTS, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see 'ovs-mock drifts'"
        raise UnknownMutantError(f"there is no drift {name!r}: {hint}")
    return DRIFTS[name]
