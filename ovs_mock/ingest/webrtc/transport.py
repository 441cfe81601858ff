"""One encrypted path to a client: ICE, DTLS, SRTP and SCTP, all of them aiortc's.

aiortc's own peer connection receives no simulcast, so it is not used; the parts below it are. Some of what they take
is not public, which is why aiortc is pinned exactly, only this module and ``formats`` import it, and
``require_known_aiortc`` checks it before anything goes wrong.
"""

import asyncio
import inspect
import ipaddress
import logging
import socket
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Protocol

import aioice
from aioice.ice import get_host_addresses
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from ovs_mock.ingest.webrtc.negotiation import DATA_PORT, MAX_MESSAGE_SIZE
from ovs_mock.ingest.webrtc.sdp import Ice

log = logging.getLogger("ovs_mock.ingest")

_ROLES = {"active": "client", "passive": "server"}


class UnknownAiortcError(RuntimeError):
    """The installed aiortc is not the version that this module is written for."""


class TransportState(Enum):
    NEW = auto()
    CONNECTED = auto()
    CLOSED = auto()
    """The peer has disconnected, or was never reached."""


class TransportListener(Protocol):
    """Receives decrypted packets and state changes of a transport."""

    def on_rtp(self, data: bytes) -> None: ...

    def on_rtcp(self, data: bytes) -> None: ...

    def on_state(self, state: TransportState) -> None: ...


def require_known_aiortc() -> None:
    """Raise UnknownAiortcError unless the non-public parts of aiortc that this module uses are as expected."""
    for owner, name, parameters in (
        (RTCDtlsTransport, "__init__", ["self", "transport", "certificates"]),
        (RTCDtlsTransport, "_handle_rtp_data", ["self", "data", "arrival_time_ms"]),
        (RTCDtlsTransport, "_handle_rtcp_data", ["self", "data"]),
        (RTCDtlsTransport, "_send_rtp", ["self", "data"]),
        (RTCDtlsTransport, "_set_role", ["self", "role"]),
        (RTCSctpTransport, "__init__", ["self", "transport", "port"]),
        (aioice.Connection, "get_component_candidates", ["self", "component", "addresses", "timeout"]),
    ):
        found = list(inspect.signature(getattr(owner, name, _absent)).parameters)
        if found != parameters:
            raise UnknownAiortcError(
                f"{owner.__name__}.{name}{tuple(found)} is not as expected: ovs-mock's video ingest needs the exact "
                "aiortc of its extra; reinstall it with: pip install 'ovs-mock[media]'"
            )


def media_addresses(host: str) -> list[str]:
    """Where media comes in: on the server's own address, or on all of the machine's when it listens on all.

    Clients on the same machine reach 127.0.0.1 from whatever address they send from: libwebrtc does not use the
    loopback itself, but the kernel carries what it sends there.
    """
    address = ipaddress.ip_address(socket.getaddrinfo(host or "0.0.0.0", None)[0][4][0])  # noqa: S104 - as asked for
    if address.is_unspecified:
        return ["127.0.0.1", *get_host_addresses(use_ipv4=True, use_ipv6=address.version == 6)]
    return [str(address)]


class MediaTransport:
    """Either ``start`` follows ``gather``, with what the peer said, or ``close`` does."""

    def __init__(self, addresses: Sequence[str], listener: TransportListener, *, controlling: bool = False) -> None:
        self._listener = listener
        self._ice = _IceConnection(addresses, ice_controlling=controlling)
        self._dtls = _Dtls(_IcePath(self._ice), RTCCertificate.generateCertificate(), listener)
        self._sctp = RTCSctpTransport(self._dtls, DATA_PORT)
        self._connecting: asyncio.Task[None] | None = None
        self._closed = False
        self._dtls.on("statechange", self._on_dtls_state)

    @property
    def ice(self) -> Ice:
        return Ice(self._ice.local_username, self._ice.local_password)

    @property
    def fingerprints(self) -> tuple[str, ...]:
        return tuple(f"{f.algorithm} {f.value}" for f in self._dtls.getLocalParameters().fingerprints)

    @property
    def candidates(self) -> tuple[str, ...]:
        return tuple(candidate.to_sdp() for candidate in self._ice.local_candidates)

    @property
    def started(self) -> bool:
        return self._connecting is not None

    async def gather(self) -> None:
        """Open the sockets; ``candidates`` are known afterwards."""
        await self._ice.gather_candidates()

    async def add_candidate(self, candidate: str) -> None:
        """Add a candidate of the peer, without the prefix ``candidate:``."""
        await self._ice.add_remote_candidate(aioice.Candidate.from_sdp(candidate))

    def start(self, peer: Ice, fingerprints: Sequence[str], setup: str, data_port: int | None) -> None:
        """Connect, in the background. ``setup`` is our role; ``data_port`` the peer's, if it has data channels."""
        self._ice.remote_username, self._ice.remote_password = peer.ufrag, peer.password
        self._dtls.set_role(setup)
        self._connecting = asyncio.create_task(self._connect(_dtls_parameters(fingerprints), data_port))

    async def send_rtcp(self, data: bytes) -> None:
        """Send an RTCP packet; drop it when there is no connection."""
        try:
            await self._dtls.send_rtcp(data)
        except ConnectionError:
            log.debug("no connection to send feedback over")

    async def close(self) -> None:
        self._closed = True
        if self._connecting:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        await self._sctp.stop()
        await self._dtls.stop()
        await self._ice.close()

    async def _connect(self, parameters: RTCDtlsParameters, data_port: int | None) -> None:
        try:
            await self._ice.connect()
            await self._dtls.start(parameters)
            if data_port and self._dtls.state == "connected":
                await self._sctp.start(RTCSctpCapabilities(MAX_MESSAGE_SIZE), data_port)
        except ConnectionError as error:
            log.info("no connection to a client: %s", error)
            self._notify(TransportState.CLOSED)

    def _on_dtls_state(self) -> None:
        if self._dtls.state == "connected":
            self._notify(TransportState.CONNECTED)
        elif self._dtls.state in ("closed", "failed"):
            self._notify(TransportState.CLOSED)

    def _notify(self, state: TransportState) -> None:
        if not self._closed:
            self._listener.on_state(state)


class _IceConnection(aioice.Connection):
    """Listens on given addresses. By default aioice uses all of the machine's except the loopback."""

    def __init__(self, addresses: Sequence[str], *, ice_controlling: bool) -> None:
        super().__init__(ice_controlling=ice_controlling)
        self._addresses = list(addresses)

    async def gather_candidates(self) -> None:
        self._local_candidates = await self.get_component_candidates(1, self._addresses)
        self._local_candidates_end = True
        if not self._local_candidates:
            raise OSError(f"no UDP socket could be opened on any of {', '.join(self._addresses)}")


class _IcePath:
    """The part of an ICE transport that a DTLS transport uses."""

    def __init__(self, connection: aioice.Connection) -> None:
        self._recv = connection.recv
        self._send = connection.send


class _Dtls(RTCDtlsTransport):
    """Passes decrypted packets to a listener instead of aiortc's receivers."""

    def __init__(self, path: _IcePath, certificate: RTCCertificate, listener: TransportListener) -> None:
        super().__init__(path, [certificate])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        self._listener = listener

    def set_role(self, setup: str) -> None:
        """Set the DTLS role that the SDP negotiated."""
        self._set_role(_ROLES[setup])

    async def send_rtcp(self, data: bytes) -> None:
        await self._send_rtp(data)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        self._listener.on_rtp(data)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self._listener.on_rtcp(data)


def _dtls_parameters(fingerprints: Sequence[str]) -> RTCDtlsParameters:
    pairs = (fingerprint.partition(" ") for fingerprint in fingerprints)
    return RTCDtlsParameters([RTCDtlsFingerprint(algorithm=name, value=value) for name, _, value in pairs])


_absent: Callable[[], None] = lambda: None  # noqa: E731
