"""The honest reply: which frames there were, and what they showed."""

from collections.abc import Sequence

from ovs_mock.model.frame_view import FrameView

# Longer lists show their ends only, as replies have few tokens.
_LISTED = 8


def describe(frames: Sequence[FrameView]) -> str:
    """What the frames were: ``3 frames #10 #12 #14, 640x480, red, stamps 10 12 14``.

    Their number and lifetime indices, their sizes, what colour they mostly have, and the numbers of their stamps.
    Colours and stamps are left out where there are none. Several sizes or colours are listed in order of appearance.
    """
    if not frames:
        return "0 frames"
    noun = "frame" if len(frames) == 1 else "frames"
    return f"{len(frames)} {noun} {_listed([frame.index for frame in frames], '#')}, {describe_picture(frames)}"


def describe_picture(frames: Sequence[FrameView]) -> str:
    """What there was to see, whichever frames they were: ``640x480, red, stamps 10 12 14``."""
    seen = [frame.seen for frame in frames]
    parts = [_listed(list(dict.fromkeys([f"{each.width}x{each.height}" for each in seen])))]
    if colours := [each.colour for each in seen if each.colour]:
        parts.append(_listed(list(dict.fromkeys(colours))))
    if stamps := [each.stamp.number for each in seen if each.stamp]:
        parts.append(f"{'stamp' if len(stamps) == 1 else 'stamps'} {_listed(stamps)}")
    return ", ".join(parts)


def _listed(values: Sequence[object], mark: str = "") -> str:
    """All values, or the ends of many, each with the mark before it."""
    if len(values) > _LISTED:
        return f"{mark}{values[0]} ... {mark}{values[-1]}"
    return " ".join([f"{mark}{value}" for value in values])
