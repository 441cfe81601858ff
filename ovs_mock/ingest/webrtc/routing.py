"""Finds the media section that a packet belongs to, and selects the simulcast layer to receive."""

from collections.abc import Iterable
from dataclasses import dataclass

from ovs_mock.ingest.webrtc.negotiation import MID, RID, usable_codecs
from ovs_mock.ingest.webrtc.rtp import RtpPacket
from ovs_mock.ingest.webrtc.sdp import MediaSection

# Dropped packets of smaller layers after which a silent larger one is abandoned: about two seconds of 640x360.
MAX_DROPPED = 200


class Router:
    """Identifies each source by its first packets, as libwebrtc omits the extensions once they are acknowledged."""

    def __init__(self) -> None:
        self._routes: dict[str, _Route] = {}
        self._sources: dict[int, _Source] = {}

    def configure(self, sections: Iterable[MediaSection]) -> None:
        """Receive these sections from now on."""
        self._routes = {section.mid: self._routes.get(section.mid) or _Route(section) for section in sections}

    def forget(self, mid: str) -> None:
        """Forget a section's sources, because its track has ended: they have to identify themselves again."""
        self._routes.pop(mid, None)
        self._sources = {ssrc: source for ssrc, source in self._sources.items() if source.route.mid != mid}

    def route(self, packet: RtpPacket) -> str | None:
        """The mid of the section that the packet is for, ``None`` to drop it."""
        source = self._sources.get(packet.ssrc) or self._identify(packet)
        return source.route.mid if source and source.route.accepts(source.rank) else None

    def _identify(self, packet: RtpPacket) -> "_Source | None":
        route = next((route for route in self._routes.values() if route.matches(packet)), None)
        route = route or self._by_payload_type(packet)
        rank = route.rank(packet) if route else None
        if route is None or rank is None:
            return None
        return self._sources.setdefault(packet.ssrc, _Source(route, rank))

    def _by_payload_type(self, packet: RtpPacket) -> "_Route | None":
        """The section of a packet without extensions, when just one has its payload type."""
        routes = self._routes.values()
        if any(route.mid_of(packet) for route in routes):
            return None
        fitting = [route for route in routes if packet.payload_type in route.payload_types]
        return fitting[0] if len(fitting) == 1 else None


class _Route:
    """How packets of one section are identified. Layers are ranked from 0, the largest."""

    def __init__(self, section: MediaSection) -> None:
        ids = {uri: id_ for id_, uri in section.extensions.items()}
        self.mid = section.mid
        self.payload_types = frozenset(codec.payload_type for codec in usable_codecs(section))
        self._ssrcs = section.ssrcs
        self._layers = section.layers_by_size
        self._mid_extension = ids.get(MID)
        self._layer_extension = ids.get(RID)
        self._kept = 0
        self._dropped = 0

    def mid_of(self, packet: RtpPacket) -> str | None:
        return _text(packet, self._mid_extension)

    def matches(self, packet: RtpPacket) -> bool:
        mid = self.mid_of(packet)
        return mid == self.mid if mid is not None else packet.ssrc in self._ssrcs

    def rank(self, packet: RtpPacket) -> int | None:
        """The rank of the packet's layer; ``None`` while it is unknown."""
        if not self._layers:
            return 0
        layer = _text(packet, self._layer_extension)
        return self._layers.index(layer) if layer in self._layers else None

    def accepts(self, rank: int) -> bool:
        """Whether a layer is received: the largest of those that are sent.

        Clients pause layers that they have no bandwidth for, the largest first, without a message.
        """
        if rank <= self._kept:
            self._kept, self._dropped = rank, 0
            return True
        self._dropped += 1
        if self._dropped > MAX_DROPPED:
            self._kept, self._dropped = rank, 0
        return rank == self._kept


@dataclass(frozen=True, slots=True)
class _Source:
    """An identified SSRC."""

    route: _Route
    rank: int


def _text(packet: RtpPacket, extension: int | None) -> str | None:
    if extension is None or extension not in packet.extensions:
        return None
    return packet.extensions[extension].decode("ascii", "replace")
