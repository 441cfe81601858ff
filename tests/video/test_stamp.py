"""What is written into a frame is read back from what became of the frame."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.video.patterns import PATTERNS, noise, solid, stamped_frames
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import MIN_HEIGHT, MIN_WIDTH, Stamp, read_stamp, strip_height, without_stamp, write_stamp

FPS = 15
REALTIME = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}

numbers = st.integers(0, 2**24 - 1)
times = st.integers(0, 2**48 - 1)
sizes = st.tuples(st.integers(MIN_WIDTH, 700), st.integers(MIN_HEIGHT, 500))


def vp8(frames: list[Rgb], kilobits: int) -> Iterator[av.VideoFrame]:
    """What a receiver decodes when a real-time sender encodes ``frames`` at that many kbit/s."""
    height, width = frames[0].shape[:2]
    encoder = av.CodecContext.create("libvpx", "w")
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(encoder, av.VideoCodecContext)
    assert isinstance(decoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FPS), Fraction(FPS)
    encoder.bit_rate = kilobits * 1000
    encoder.options = REALTIME | dict.fromkeys(("minrate", "maxrate", "bufsize"), str(kilobits * 1000))
    for number, rgb in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
        frame.pts = number
        for packet in encoder.encode(frame):
            yield from decoder.decode(packet)
    for packet in encoder.encode(None):
        yield from decoder.decode(packet)


def rgb_of(frame: av.VideoFrame, scale: float = 1.0) -> Rgb:
    scaled = frame.reformat(width=int(frame.width * scale), height=int(frame.height * scale))
    return np.asarray(scaled.to_ndarray(format="rgb24"), np.uint8)


@given(number=numbers, time_ms=times, size=sizes)
def test_any_number_and_time_is_read_back_from_a_frame_of_any_size(
    number: int, time_ms: int, size: tuple[int, int]
) -> None:
    frame = solid("grey", *size)

    write_stamp(frame, number, time_ms)

    assert read_stamp(frame) == Stamp(number, time_ms)


def test_numbers_and_times_wrap() -> None:
    frame = write_stamp(solid("grey"), 2**24 + 7, 2**48 + 9)

    assert read_stamp(frame) == Stamp(7, 9)


@given(size=sizes)
def test_a_stamp_leaves_the_picture_below_it_alone(size: tuple[int, int]) -> None:
    frame = solid("red", *size)

    below = without_stamp(write_stamp(frame, 1, 2))

    assert (below == [255, 0, 0]).all()
    assert len(below) == size[1] - strip_height(*size)
    assert len(below) >= size[1] * 2 // 3


@pytest.mark.parametrize(("width", "height"), [(MIN_WIDTH - 1, 480), (640, MIN_HEIGHT - 1)])
def test_a_frame_that_is_too_small_is_refused_with_its_size(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=f"at least 160x120, this one is {width}x{height}"):
        write_stamp(solid("grey", width, height), 0, 0)


@pytest.mark.parametrize("pattern", ["bars", "noise", "white"])
@pytest.mark.parametrize("kilobits", [30, 150, 500])
def test_every_stamp_survives_vp8_at_low_bit_rates(pattern: str, kilobits: int) -> None:
    sent = [frame.rgb for frame in stamped_frames(640, 480, fps=FPS, count=20, pattern=pattern)]

    stamps = [read_stamp(rgb_of(frame)) for frame in vp8(sent, kilobits)]

    assert stamps == [Stamp(number, round(number * 1000 / FPS)) for number in range(20)]


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1280, 720, 0.5), (640, 480, 0.5), (640, 480, 0.75), (1280, 720, 0.25), (720, 1280, 0.5), (320, 240, 0.5)],
)
def test_every_stamp_survives_vp8_and_scaling(width: int, height: int, scale: float) -> None:
    sent = [frame.rgb for frame in stamped_frames(width, height, fps=FPS, count=10, pattern="noise")]

    stamps = [read_stamp(rgb_of(frame, scale)) for frame in vp8(sent, 300)]

    assert [stamp.number for stamp in stamps if stamp] == list(range(10))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_generated_pictures_are_not_taken_for_stamped_ones(pattern: str) -> None:
    assert all(read_stamp(PATTERNS[pattern](number, 640, 480)) is None for number in range(20))


@given(seed=st.integers(0, 2**32))
def test_random_pixels_are_not_taken_for_a_stamp(seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (480, 640, 3), np.uint8)

    assert read_stamp(picture) is None


@given(seed=st.integers(0, 2**32))
def test_random_cells_as_large_as_those_of_a_stamp_are_not_taken_for_one(seed: int) -> None:
    cells = np.random.default_rng(seed).integers(0, 2, (30, 40, 1), np.uint8) * np.uint8(255)
    picture = cells.repeat(16, axis=0).repeat(16, axis=1).repeat(3, axis=2)

    assert read_stamp(picture) is None


@given(number=numbers, time_ms=times, cell=st.integers(0, 119))
def test_a_stamp_with_one_wrong_cell_is_no_stamp(number: int, time_ms: int, cell: int) -> None:
    frame = write_stamp(noise(0, 640, 480), number, time_ms)
    row, column = divmod(cell, 40)
    damaged = frame[row * 16 : row * 16 + 16, column * 16 : column * 16 + 16]

    damaged[:] = 255 - damaged

    assert read_stamp(frame) is None


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 2), (79, 59), (640, 1)])
def test_a_tiny_picture_has_no_stamp(width: int, height: int) -> None:
    assert read_stamp(solid("white", width, height)) is None
