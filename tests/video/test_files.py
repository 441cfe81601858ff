"""Video files come back as they were written, and what is no video is called by its name."""

import wave
from pathlib import Path

import pytest

from ovs_mock.video.colours import dominant_colour
from ovs_mock.video.files import VideoFileError, frame_rate, read_video, write_stamped_video, write_video
from ovs_mock.video.patterns import solid
from ovs_mock.video.stamp import read_stamp, without_stamp


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm", "clip.mkv"])
def test_a_stamped_video_is_read_back_frame_by_frame(tmp_path: Path, name: str) -> None:
    path = write_stamped_video(tmp_path / name, width=320, height=240, fps=10, seconds=1, pattern="orange")

    frames = list(read_video(path))

    assert [stamp.number for frame in frames if (stamp := read_stamp(frame.rgb))] == list(range(10))
    assert [frame.time for frame in frames] == pytest.approx([n / 10 for n in range(10)], abs=0.002)
    assert {dominant_colour(without_stamp(frame.rgb)) for frame in frames} == {"orange"}
    assert frame_rate(path) == 10


def test_frame_rates_need_not_be_whole(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", [solid("red", 64, 48)] * 30, fps=29.97)

    assert frame_rate(path) == pytest.approx(29.97, abs=0.001)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoFileError, match=r"gone\.mp4: there is no such file"):
        next(read_video(tmp_path / "gone.mp4"))


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(VideoFileError, match="not a file"):
        frame_rate(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a video" * 1000])
def test_a_file_of_something_else_is_no_video(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)

    with pytest.raises(VideoFileError, match=r"notes\.mp4: not a video file"):
        next(read_video(path))


def test_a_sound_file_has_no_video_in_it(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))

    with pytest.raises(VideoFileError, match=r"sound\.wav: the file has no video in it, only audio"):
        next(read_video(tmp_path / "sound.wav"))


def test_a_damaged_video_is_reported_or_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_stamped_video(tmp_path / "clip.mp4", width=320, height=240, seconds=1)
    path.write_bytes(path.read_bytes()[:-500])

    with pytest.raises(VideoFileError, match=r"clip\.mp4"):
        list(read_video(path))


def test_a_video_needs_frames_of_one_even_size(tmp_path: Path) -> None:
    with pytest.raises(VideoFileError, match="no frames"):
        write_video(tmp_path / "clip.mp4", [])
    with pytest.raises(VideoFileError, match="even sides, the frames are 63x48"):
        write_video(tmp_path / "clip.mp4", [solid("red", 63, 48)])
    with pytest.raises(VideoFileError, match="frame 1 has the shape"):
        write_video(tmp_path / "clip.mp4", [solid("red", 64, 48), solid("red", 32, 48)])


def test_a_place_or_name_that_does_not_work_is_named(tmp_path: Path) -> None:
    with pytest.raises(VideoFileError, match=r"clip\.txt: the name has to end like a video's"):
        write_stamped_video(tmp_path / "clip.txt")
    with pytest.raises(VideoFileError, match=r"clip\.mp4: cannot be written"):
        write_stamped_video(tmp_path / "nowhere" / "clip.mp4")
