"""Pictures that are handed over are kept as they are, or packed, and come out the same."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ovs_mock.video.patterns import noise
from ovs_mock.video.pixel_store import PixelStore, PushedPicture, StoredFrame
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import Stamp, read_stamp

SIZE = 60 * 80 * 3


def pictures(count: int) -> list[Rgb]:
    return [noise(number, 80, 60) for number in range(count)]


def raw(held: list[StoredFrame]) -> list[bool]:
    return [each.raw_size > 0 for each in held]


@settings(deadline=None)
@given(count=st.integers(1, 20), room=st.integers(1, 20))
def test_the_newest_are_kept_as_they_are_and_all_come_out_the_same(count: int, room: int) -> None:
    shelf, shown = PixelStore(room * SIZE), pictures(count)
    held = [shelf.add(rgb) for rgb in shown]
    assert sum(each.raw_size for each in held) <= room * SIZE
    assert raw(held) == sorted(raw(held))
    # No more is packed than makes a little room.
    assert sum(raw(held)) >= min(count, room * 7 // 8)
    assert all((each.rgb() == rgb).all() for each, rgb in zip(held, shown, strict=True))


def test_what_nobody_refers_to_any_more_takes_no_room() -> None:
    shelf = PixelStore(4 * SIZE)
    for rgb in pictures(20):
        last = shelf.add(rgb)
        assert raw([last]) == [True]


def test_a_picture_that_stays_the_same_is_held_once() -> None:
    shelf, (first, second) = PixelStore(), pictures(2)
    held = [shelf.add(rgb) for rgb in (first, first.copy(), second, second[:, ::2], first)]
    assert len({id(each) for each in held}) == 4
    assert held[0] is held[1]


def test_pictures_that_differ_in_one_place_are_two() -> None:
    shelf, (first,) = PixelStore(), pictures(1)
    second = first.copy()
    second[1, 1] ^= 1
    assert (shelf.add(first).rgb() != shelf.add(second).rgb()).any()


def test_a_stamp_is_written_over_a_copy() -> None:
    held = PixelStore().add(noise(0, 320, 240))
    stamped, plain = PushedPicture(held, (4711, 90)), PushedPicture(held)
    assert read_stamp(stamped.rgb()) == Stamp(4711, 90)
    assert read_stamp(plain.rgb()) is None
    assert (stamped.width, stamped.height) == (plain.width, plain.height) == (320, 240)


def test_several_threads_may_hold_and_look() -> None:
    shelf, shown = PixelStore(5 * SIZE), pictures(60)
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(shelf.add, shown))
        seen = list(pool.map(StoredFrame.rgb, held))
    assert np.array_equal(np.stack(seen), np.stack(shown))
    assert sum(each.raw_size for each in held) <= 5 * SIZE
