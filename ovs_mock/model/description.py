"""The default reply: describes the frames by what their pixels show."""

from collections.abc import Sequence

from ovs_mock.model.frame_view import FrameView

# Longer lists show their ends only, because replies have few tokens.
_MAX_LISTED = 8


def describe(frames: Sequence[FrameView]) -> str:
    """Describes frames: ``3 frames #10 #12 #14, 640x480, red, stamps 10 12 14``.

    Lists their number, their indices in the stream, their sizes, their dominant colours and the numbers of their
    stamps. Leaves out colours and stamps where there are none. Lists several sizes or colours in order of appearance.
    """
    if not frames:
        return "0 frames"
    noun = "frame" if len(frames) == 1 else "frames"
    return f"{len(frames)} {noun} {_listed([frame.index for frame in frames], '#')}, {describe_picture(frames)}"


def describe_picture(frames: Sequence[FrameView]) -> str:
    """Describes what frames show, without their indices: ``640x480, red, stamps 10 12 14``."""
    observations = [frame.observation for frame in frames]
    parts = [_listed(list(dict.fromkeys([f"{each.width}x{each.height}" for each in observations])))]
    if colours := [each.colour for each in observations if each.colour]:
        parts.append(_listed(list(dict.fromkeys(colours))))
    if stamps := [each.stamp.number for each in observations if each.stamp]:
        parts.append(f"{'stamp' if len(stamps) == 1 else 'stamps'} {_listed(stamps)}")
    return ", ".join(parts)


def _listed(values: Sequence[object], mark: str = "") -> str:
    """All values, or the ends of many, each with the mark before it."""
    if len(values) > _MAX_LISTED:
        return f"{mark}{values[0]} ... {mark}{values[-1]}"
    return " ".join([f"{mark}{value}" for value in values])
