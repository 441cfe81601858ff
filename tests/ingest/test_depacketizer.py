"""Frames out of packets, with every kind of damage that a network does."""

from hypothesis import given
from hypothesis import strategies as st
from ovs_support.rtp import READABLE, packet, stream

from ovs_mock.ingest.webrtc.depacketizer import MAX_PENDING, Depacketizer, EncodedFrame
from ovs_mock.ingest.webrtc.rtp import RtpPacket


def assembler() -> Depacketizer:
    return Depacketizer(READABLE)


def texts(frames: list[EncodedFrame]) -> list[str]:
    return [frame.data.decode() for frame in frames]


def push_all(into: Depacketizer, packets: list[RtpPacket]) -> list[str]:
    return [text for packet_ in packets for text in texts(into.push(packet_))]


def test_a_frame_is_complete_with_its_last_packet() -> None:
    taking = assembler()
    *early, last = stream(["Key frame"])
    assert push_all(taking, early) == []
    assert taking.push(last) == [EncodedFrame(0, b"Key frame", is_key=True)]


def test_what_comes_before_the_first_key_frame_is_dropped() -> None:
    taking = assembler()
    assert push_all(taking, stream(["delta", "Key", "delta"])) == ["Key", "delta"]


def test_a_key_frame_is_wanted_unless_one_is_coming() -> None:
    taking = assembler()
    wanted = []
    for packet_ in stream(["dd", "Key", "dd"]):
        taking.push(packet_)
        wanted.append(taking.needs_key)
    assert wanted == [True, False, False, False]


def test_a_stream_that_is_joined_in_the_middle_of_a_key_frame_waits_for_the_next() -> None:
    packets = stream(["Key one", "d1", "Key two", "d2"])
    assert push_all(assembler(), packets[1:]) == ["Key two", "d2"]


def test_missing_packets_are_named_and_everything_waits_for_them() -> None:
    taking = assembler()
    packets = stream(["Key", "d1", "d2", "d3"], first=65_534)
    assert push_all(taking, packets[:2] + packets[3:]) == ["Key"]
    assert taking.missing == [0]
    assert texts(taking.push(packets[2])) == ["d1", "d2", "d3"]
    assert taking.missing == []


def test_nothing_is_decodable_between_a_lost_frame_and_the_next_key_frame() -> None:
    taking = assembler()
    packets = stream(["Key", "d1", "d2", "KEY", "d3"])
    assert push_all(taking, packets[:2] + packets[3:]) == ["Key"]
    assert texts(taking.skip()) == ["KEY", "d3"]


def test_a_skip_without_a_key_frame_in_sight_waits_for_one() -> None:
    taking = assembler()
    packets = stream(["Key", "d1", "d2", "d3", "KEY", "d4"])
    assert push_all(taking, packets[:2] + packets[3:4]) == ["Key"]
    assert taking.skip() == []
    assert taking.needs_key
    assert push_all(taking, packets[2:3]) == [], "too late"
    assert push_all(taking, packets[4:]) == ["KEY", "d4"]


def test_a_gap_that_is_never_filled_does_not_hold_for_ever() -> None:
    taking = assembler()
    packets = stream(["Key", "d1", *["dd"] * MAX_PENDING, "KEY", "d4"])
    assert push_all(taking, packets[:2] + packets[3:]) == ["Key", "KEY", "d4"]


def test_padding_makes_no_frame() -> None:
    """libwebrtc pads to probe the bandwidth; an empty frame would end the decoder's stream."""
    taking = assembler()
    key = stream(["Key"])
    padding = [packet(2 + n, b"", timestamp=0) for n in range(3)]
    assert push_all(taking, key + padding) == ["Key"]
    assert push_all(taking, stream(["delta"], first=5, clock=3_000)) == ["delta"]
    assert taking.missing == []


def test_a_frame_ends_where_the_next_begins_even_without_a_marker() -> None:
    taking = assembler()
    packets = [packet(0, b"Key", timestamp=0), packet(1, b"d1", timestamp=3_000), packet(2, b"d2", timestamp=6_000)]
    assert push_all(taking, packets) == ["Key", "d1"]


def test_a_damaged_frame_is_like_a_lost_one() -> None:
    taking = assembler()
    packets = stream(["Key", "!amaged", "d1", "KEY", "d2"])
    assert push_all(taking, packets) == ["Key", "KEY", "d2"]


def test_a_sender_that_starts_anew_elsewhere_is_followed() -> None:
    taking = assembler()
    assert push_all(taking, stream(["Key", "d1"], first=100)) == ["Key", "d1"]
    assert push_all(taking, stream(["d2", "KEY", "d3"], first=40_000)) == ["KEY", "d3"]


def test_timestamps_do_not_wrap_around() -> None:
    taking = assembler()
    first, second = (frame for p in stream(["Key", "d1"], clock=2**32 - 1_000) for frame in taking.push(p))
    assert second.timestamp - first.timestamp == 3_000


FRAMES = ["Key one", "d1", "d22", "delta3", "Key two", "d4", "d5555", "d6"]
starts = st.integers(0, 65_535)


@given(starts, st.randoms(use_true_random=False), st.lists(st.integers(0, 30), max_size=10))
def test_reordered_and_repeated_packets_change_nothing(first: int, chance: object, repeats: list[int]) -> None:
    """Packets may overtake up to four others; the first comes first, as nothing else tells where the stream begins."""
    packets = stream(FRAMES, first=first)
    order = sorted(range(1, len(packets)), key=lambda n: n + 4 * chance.random())  # type: ignore[attr-defined]
    damaged = [packets[0], *(packets[n] for n in order)]
    for repeat in repeats:
        damaged.insert(max(1, repeat), damaged[min(repeat, len(damaged) - 1)])
    assert push_all(assembler(), damaged) == FRAMES


@given(starts, st.lists(st.booleans(), min_size=30, max_size=30))
def test_lost_packets_cost_frames_but_never_bring_wrong_ones(first: int, lost: list[bool]) -> None:
    """Each gap is given up at once: what is given out is whole, in order, and follows what it builds on."""
    taking = assembler()
    got: list[str] = []
    for is_lost, packet_ in zip(lost, stream(FRAMES, first=first), strict=False):
        if not is_lost:
            got += texts(taking.push(packet_))
            got += texts(taking.skip()) if taking.missing else []
    positions = [FRAMES.index(text) for text in got]
    assert positions == sorted(set(positions))
    for position in positions:
        assert FRAMES[position].startswith("K") or position - 1 in positions


@given(starts, st.lists(st.booleans(), min_size=30, max_size=30))
def test_packets_that_are_sent_again_bring_everything(first: int, lost: list[bool]) -> None:
    taking = assembler()
    packets = stream(FRAMES, first=first)
    keep = [True] + [not is_lost for is_lost in lost]
    got = push_all(taking, [p for p, kept in zip(packets, keep, strict=False) if kept])
    again = [p for p in packets if p.sequence in taking.missing]
    tail = [p for p, kept in zip(packets, keep, strict=False) if not kept and p not in again]
    assert got + push_all(taking, again + tail) == FRAMES
