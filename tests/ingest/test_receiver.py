"""What is asked of a sender, and when."""

from aiortc.rtp import AnyRtcpPacket, RtcpPacket, RtcpPsfbPacket, RtcpRtpfbPacket
from ovs_support.rtp import READABLE, stream

from ovs_mock.ingest.webrtc.receiver import KEY_RETRY_AFTER, MAX_REQUESTS, RETRY_AFTER, VideoReceiver


def receiver() -> VideoReceiver:
    return VideoReceiver(7, {96: READABLE}, own_ssrc=1)


def asked(of: VideoReceiver, now: float) -> list[AnyRtcpPacket]:
    return [packet for data in of.requests(now) for packet in RtcpPacket.parse(data)]


def lost(of: VideoReceiver, now: float) -> list[int]:
    return [number for packet in asked(of, now) if isinstance(packet, RtcpRtpfbPacket) for number in packet.lost]


def plis(of: VideoReceiver, now: float) -> int:
    return sum(isinstance(packet, RtcpPsfbPacket) for packet in asked(of, now))


def test_all_is_well_and_nothing_is_asked() -> None:
    receiving = receiver()
    frames = [frame for packet in stream(["Key", "d1"]) for frame in receiving.receive(packet)]
    assert [frame.frame.data for frame in frames] == [b"Key", b"d1"]
    assert all(frame.format is READABLE for frame in frames)
    assert asked(receiving, 0.0) == []
    assert not receiving.is_waiting


def test_a_missing_packet_is_asked_for_at_once_and_again_until_it_comes() -> None:
    receiving = receiver()
    packets = stream(["Key", "d1", "d2"])
    for packet in (packets[0], packets[1], packets[3]):
        receiving.receive(packet)
    assert lost(receiving, 0.0) == [2]
    assert lost(receiving, RETRY_AFTER / 2) == []
    assert receiving.is_waiting
    assert lost(receiving, RETRY_AFTER) == [2]
    receiving.receive(packets[2])
    assert lost(receiving, 2 * RETRY_AFTER) == []
    assert not receiving.is_waiting


def test_a_packet_that_never_comes_is_given_up_for_a_key_frame() -> None:
    receiving = receiver()
    packets = stream(["Key", "d1", "d2", "KEY"])
    for packet in (packets[0], packets[1], packets[3]):
        receiving.receive(packet)
    for times in range(MAX_REQUESTS):
        assert receiving.give_up() == []
        assert lost(receiving, float(times)) == [2]
    assert receiving.give_up() == []
    assert plis(receiving, 100.0) == 1
    assert [frame.frame.data for packet in packets[4:] for frame in receiving.receive(packet)] == [b"KEY"]
    assert asked(receiving, 200.0) == []


def test_a_key_frame_is_asked_for_until_one_comes() -> None:
    receiving = receiver()
    first, second = stream(["d1", "d2"])
    receiving.receive(first)
    assert plis(receiving, 0.0) == 1
    receiving.receive(second)
    assert plis(receiving, 0.1) == 0
    assert plis(receiving, KEY_RETRY_AFTER) == 1
    for packet in stream(["Key"], first=2):
        receiving.receive(packet)
    assert plis(receiving, 1.0) == 0


def test_a_frame_that_could_not_be_decoded_takes_a_key_frame_too() -> None:
    receiving = receiver()
    for packet in stream(["Key"]):
        receiving.receive(packet)
    receiving.request_key()
    assert plis(receiving, 0.0) == 1


def test_a_new_key_frame_is_asked_for_every_five_seconds_of_video() -> None:
    receiving = receiver()
    packets = stream(["K1", *["dd"] * 5, "K2", *["dd"] * 4], step=90_000)
    wanted = []
    for now, packet in enumerate(packets):
        receiving.receive(packet)
        wanted.append(plis(receiving, float(now)))
    assert wanted == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]


def test_packets_of_an_unknown_payload_type_are_counted_and_dropped() -> None:
    receiving = VideoReceiver(7, {97: READABLE}, own_ssrc=1)
    assert [receiving.receive(packet) for packet in stream(["Key"])] == [[], []]
    assert asked(receiving, 0.0) == []
