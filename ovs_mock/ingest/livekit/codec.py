"""LiveKit's signalling messages, to and from bytes. Pure."""

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import MAX_WBITS, decompressobj
from zlib import error as ZlibError  # noqa: N812

from google.protobuf.message import DecodeError
from livekit.protocol import rtc

# A join request is a URL's query: a bigger one is not honest.
MAX_JOIN_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """How a client comes in: with an offer if it is of protocol v1, where one connection goes both ways."""

    offer: rtc.SessionDescription | None = None
    tracks: Sequence[rtc.AddTrackRequest] = ()
    reconnect: bool = False


def decode_request(data: bytes) -> rtc.SignalRequest:
    """A message of a client's; ValueError when it is none."""
    try:
        return rtc.SignalRequest.FromString(data)
    except DecodeError:
        raise ValueError("the message is not a LiveKit signal request") from None


def decode_join(query: Mapping[str, str]) -> Join:
    """The query of ``/rtc/v1``, which carries a whole message; ValueError when it does not."""
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(_base64(query.get("join_request", "")))
        data = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            data = _gunzip(data)
        join = rtc.JoinRequest.FromString(data)
    except (DecodeError, Base64Error, ZlibError) as error:
        raise ValueError(f"join_request is not a LiveKit join request: {error}") from None
    offer = join.publisher_offer if join.HasField("publisher_offer") else None
    return Join(offer=offer, tracks=tuple(join.add_track_requests), reconnect=join.reconnect)


def decode_query(query: Mapping[str, str]) -> Join:
    """The query of ``/rtc``, which has a parameter for each thing."""
    return Join(reconnect=query.get("reconnect", "") in ("1", "true"))


def decode_candidate(trickle: rtc.TrickleRequest) -> str:
    """The candidate in a trickle message, empty when it only says that there are no more."""
    try:
        init: Any = json.loads(trickle.candidateInit or "{}")
    except ValueError:
        raise ValueError("a trickle message has no JSON") from None
    candidate = init.get("candidate") if isinstance(init, dict) else None
    return candidate if isinstance(candidate, str) else ""


def _base64(text: str) -> bytes:
    if not text:
        raise Base64Error("it is missing")
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _gunzip(data: bytes) -> bytes:
    inflater = decompressobj(16 + MAX_WBITS)
    inflated = inflater.decompress(data, MAX_JOIN_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError("the join request is too large")
    return inflated
