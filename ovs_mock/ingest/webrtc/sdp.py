"""Session descriptions (SDP): the parts that WebRTC uses, read from text.

Not aiortc's ``sdp``: it does not read simulcast layers, and fails with AssertionError, KeyError and IndexError on a
damaged description.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

Attributes: TypeAlias = tuple[tuple[str, str], ...]

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
# What a client calls its simulcast layers, largest first.
LAYERS = ("f", "h", "q")


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type. ``rtpmap`` as written, such as ``VP8/90000``; ``fmtp`` and ``feedback`` may be empty."""

    payload_type: int
    rtpmap: str
    fmtp: str = ""
    feedback: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.rtpmap.partition("/")[0].upper()


@dataclass(frozen=True, slots=True)
class Ice:
    """The credentials of one side."""

    ufrag: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSection:
    """An m-line with its attributes; those that the session level gives for all sections are filled in."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    attributes: Attributes

    @property
    def mid(self) -> str:
        return self.value("mid") or ""

    @property
    def rejected(self) -> bool:
        return self.port == 0 and self.value("bundle-only") is None

    @property
    def sends(self) -> bool:
        """Whether whoever wrote the section sends in it."""
        return self._direction in ("sendrecv", "sendonly") and not self.rejected

    @property
    def ice(self) -> Ice | None:
        ufrag, password = self.value("ice-ufrag"), self.value("ice-pwd")
        return Ice(ufrag, password) if ufrag and password else None

    @property
    def codecs(self) -> tuple[Codec, ...]:
        """The payload types that have an rtpmap, most wanted first."""
        maps, parameters, feedback = self._by_format("rtpmap"), self._by_format("fmtp"), self._by_format("rtcp-fb")
        return tuple(
            Codec(
                payload_type=_number(format_, "rtpmap"),
                rtpmap=maps[format_][0],
                fmtp=parameters.get(format_, [""])[0],
                feedback=tuple(feedback.get(format_, []) + feedback.get("*", [])),
            )
            for format_ in self.formats
            if format_ in maps
        )

    @property
    def extensions(self) -> dict[int, str]:
        """RTP header extensions: URIs by id."""
        pairs = (_words(value) for value in self.values("extmap"))
        return {_number(words[0].partition("/")[0], "extmap"): words[1] for words in pairs if len(words) > 1}

    @property
    def layers(self) -> tuple[str, ...]:
        """The RIDs of the simulcast layers that are sent, in the order of the description."""
        for value in self.values("simulcast"):
            words = _words(value)
            if "send" in words[:-1]:
                streams = words[words.index("send") + 1].split(";")
                return tuple(stream.split(",")[0].lstrip("~") for stream in streams)
        return tuple(rid for rid, way, *_ in self._rids() if way == "send")

    @property
    def layers_by_size(self) -> tuple[str, ...]:
        """``layers`` with the most pixels first. Browsers list names of their own from the smallest on."""
        known = [layer for layer in LAYERS if layer in self.layers]
        return tuple(known + [layer for layer in reversed(self.layers) if layer not in known])

    @property
    def ssrcs(self) -> frozenset[int]:
        return frozenset(_number(value.partition(" ")[0], "ssrc") for value in self.values("ssrc"))

    @property
    def candidates(self) -> tuple[str, ...]:
        """ICE candidates that an address can be told of: over UDP, and not hidden behind an mDNS name."""
        return tuple(candidate for candidate in self.values("candidate") if is_reachable(candidate))

    def value(self, name: str) -> str | None:
        """The value of the first attribute of that name, ``""`` for a flag, ``None`` without one."""
        return next(iter(self.values(name)), None)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    @property
    def _direction(self) -> str:
        return next((name for name, _ in self.attributes if name in DIRECTIONS), "sendrecv")

    def _rids(self) -> Iterator[list[str]]:
        return (words for words in map(_words, self.values("rid")) if len(words) > 1)

    def _by_format(self, name: str) -> dict[str, list[str]]:
        grouped: dict[str, list[str]] = {}
        for value in self.values(name):
            format_, _, rest = value.partition(" ")
            grouped.setdefault(format_, []).append(rest)
        return grouped


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """A whole offer or answer. ``bundled`` holds the mids that share one transport."""

    sections: tuple[MediaSection, ...]
    bundled: tuple[str, ...]


def parse(text: str) -> SessionDescription:
    """Read a description; ValueError says what is wrong with it."""
    session, *media = _split(text)
    common = tuple(_attribute(line) for line in session if line.startswith("a="))
    groups = [_words(value) for name, value in common if name == "group"]
    bundled = next((tuple(words[1:]) for words in groups if words[:1] == ["BUNDLE"]), ())
    return SessionDescription(tuple(_section(lines, common) for lines in media), bundled)


def is_reachable(candidate: str) -> bool:
    """Whether a candidate is one for UDP with a plain address. Looking up a ``.local`` name can take a second."""
    words = _words(candidate)
    return len(words) > 4 and words[2].lower() == "udp" and not words[4].endswith(".local")


def _split(text: str) -> list[list[str]]:
    """The session's lines, then each section's."""
    parts: list[list[str]] = [[]]
    for line in filter(None, map(str.strip, text.splitlines())):
        if line[1:2] != "=":
            raise ValueError(f"the SDP has a line that is none: {line[:60]!r}")
        if line.startswith("m="):
            parts.append([])
        parts[-1].append(line)
    if parts[0][:1] != ["v=0"]:
        raise ValueError("the SDP does not begin with 'v=0'")
    if len(parts) == 1:
        raise ValueError("the SDP has no media section")
    return parts


def _section(lines: list[str], common: Attributes) -> MediaSection:
    words = _words(lines[0][2:])
    if len(words) < 4:
        raise ValueError(f"the SDP has a media line that is none: {lines[0][:60]!r}")
    kind, port, protocol, *formats = words
    own = tuple(_attribute(line) for line in lines if line.startswith("a="))
    section = MediaSection(
        kind=kind,
        port=_number(port.partition("/")[0], "media line"),
        protocol=protocol,
        formats=tuple(formats),
        attributes=own + _inherited(common, own),
    )
    _check(section)
    return section


def _inherited(common: Attributes, own: Attributes) -> Attributes:
    named = {name for name, _ in own}
    if named.intersection(DIRECTIONS):
        named.update(DIRECTIONS)
    return tuple((name, value) for name, value in common if name not in named)


def _check(section: MediaSection) -> None:
    """Read all that is read lazily once, so that errors come while parsing."""
    if section.kind in ("audio", "video"):
        _ = section.codecs, section.extensions, section.ssrcs


def _attribute(line: str) -> tuple[str, str]:
    name, _, value = line[2:].partition(":")
    return name, value


def _words(text: str) -> list[str]:
    return text.split()


def _number(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"the SDP has no number where one belongs ({where}): {text[:20]!r}")
    return int(text)
