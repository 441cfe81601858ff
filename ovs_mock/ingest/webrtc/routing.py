"""Which section of the description a packet belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass

from ovs_mock.ingest.webrtc.negotiation import MID, RID, usable_codecs
from ovs_mock.ingest.webrtc.rtp import RtpPacket
from ovs_mock.ingest.webrtc.sdp import Section


@dataclass(frozen=True, slots=True)
class _Route:
    """What the packets of one section are known by."""

    mid: str
    payload_types: frozenset[int]
    ssrcs: frozenset[int]
    layer: str | None
    mid_extension: int | None
    layer_extension: int | None

    @classmethod
    def of(cls, section: Section) -> "_Route":
        ids = {uri: id_ for id_, uri in section.extensions.items()}
        payload_types = frozenset(codec.payload_type for codec in usable_codecs(section))
        return cls(section.mid, payload_types, section.ssrcs, section.largest_layer, ids.get(MID), ids.get(RID))


@dataclass(frozen=True, slots=True)
class _Source:
    """An SSRC that said what it is. Layers that are not the largest are not kept."""

    mid: str
    kept: bool


class Router:
    """Knows each source by what its first packets say, as libwebrtc leaves the extensions out once it is heard.

    Of the layers of a simulcast section only the largest is let through.
    """

    def __init__(self) -> None:
        self._routes: list[_Route] = []
        self._sources: dict[int, _Source] = {}

    def configure(self, sections: Iterable[Section]) -> None:
        """From now on these sections receive."""
        self._routes = [_Route.of(section) for section in sections]

    def forget(self, mid: str) -> None:
        """Another track begins in the section, or none: its sources have to say again what they are."""
        self._sources = {ssrc: known for ssrc, known in self._sources.items() if known.mid != mid}

    def route(self, packet: RtpPacket) -> str | None:
        """The mid of the section that the packet is for, ``None`` to drop it."""
        source = self._sources.get(packet.ssrc) or self._identify(packet)
        return source.mid if source and source.kept else None

    def _identify(self, packet: RtpPacket) -> "_Source | None":
        route = next((route for route in self._routes if _matches(route, packet)), None) or self._only(packet)
        if route is None:
            return None
        layer = _text(packet, route.layer_extension)
        if route.layer is not None and layer is None:
            return None
        source = _Source(route.mid, kept=route.layer in (None, layer))
        self._sources[packet.ssrc] = source
        return source

    def _only(self, packet: RtpPacket) -> _Route | None:
        """The section of a packet that says nothing, when just one takes its payload type."""
        if any(_text(packet, route.mid_extension) for route in self._routes):
            return None
        fitting = [route for route in self._routes if packet.payload_type in route.payload_types]
        return fitting[0] if len(fitting) == 1 else None


def _matches(route: _Route, packet: RtpPacket) -> bool:
    mid = _text(packet, route.mid_extension)
    return mid == route.mid if mid is not None else packet.ssrc in route.ssrcs


def _text(packet: RtpPacket, extension: int | None) -> str | None:
    if extension is None or extension not in packet.extensions:
        return None
    return packet.extensions[extension].decode("ascii", "replace")
