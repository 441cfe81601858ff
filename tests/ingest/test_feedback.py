"""RTCP, read back by aiortc's parser."""

from aiortc.rtp import (
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSenderInfo,
    RtcpSrPacket,
    unpack_remb_fci,
)
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.ingest.webrtc.feedback import Reception, nack, pli, receiver_report, remb, sender_reports


@given(st.integers(0, 65_535), st.lists(st.integers(1, 40), max_size=60))
def test_a_nack_names_exactly_what_is_missing(first: int, steps: list[int]) -> None:
    missing = [first]
    for step in steps:
        missing.append((missing[-1] + step) % 65_536)
    (packet,) = RtcpPacket.parse(nack(1, 2, missing))
    assert isinstance(packet, RtcpRtpfbPacket)
    lost = [number % 65_536 for number in packet.lost]  # the judge does not wrap around
    assert (packet.ssrc, packet.media_ssrc, lost) == (1, 2, missing)


def test_a_pli_names_its_source() -> None:
    (packet,) = RtcpPacket.parse(pli(1, 2))
    assert packet == RtcpPsfbPacket(fmt=1, ssrc=1, media_ssrc=2)


@given(st.integers(1, 2**40), st.lists(st.integers(0, 2**32 - 1), max_size=5))
def test_a_remb_tells_the_bitrate_to_18_bits(bitrate: int, sources: list[int]) -> None:
    (packet,) = RtcpPacket.parse(remb(1, bitrate, sources))
    assert isinstance(packet, RtcpPsfbPacket)
    told, told_sources = unpack_remb_fci(packet.fci)
    assert told_sources == sources
    assert told <= bitrate < told + max(1, 2 ** (bitrate.bit_length() - 18))


def report(reception: Reception, now: float = 0.0) -> RtcpRrPacket:
    (packet,) = RtcpPacket.parse(receiver_report(1, [reception.report_block(now)]))
    assert isinstance(packet, RtcpRrPacket)
    return packet


def test_a_report_tells_losses_since_the_last_and_in_all() -> None:
    reception = Reception(7)
    for sequence in (65_534, 65_535, 0, 2):
        reception.count(sequence)
    (first,) = report(reception).reports
    assert (first.ssrc, first.packets_lost, first.fraction_lost, first.highest_sequence) == (7, 1, 255 // 5, 65_538)
    for sequence in (3, 4):
        reception.count(sequence)
    (second,) = report(reception).reports
    assert (second.packets_lost, second.fraction_lost) == (1, 0)


def test_a_packet_that_was_sent_again_is_not_lost() -> None:
    reception = Reception(7)
    for sequence in (1, 3, 2, 2):
        reception.count(sequence)
    assert report(reception).reports[0].packets_lost == 0


def test_a_source_that_was_never_heard_of_has_lost_nothing() -> None:
    assert report(Reception(7)).reports[0].packets_lost == 0


def test_a_report_says_how_long_ago_the_sender_reported() -> None:
    sender = RtcpSrPacket(ssrc=7, sender_info=RtcpSenderInfo(0x1111_2222_3333_4444, 0, 0, 0))
    ((source, middle),) = sender_reports(bytes(sender))
    assert (source, middle) == (7, 0x2222_3333)
    reception = Reception(7)
    reception.on_sender_report(middle, 10.0)
    (block,) = report(reception, 10.5).reports
    assert (block.lsr, block.dlsr) == (0x2222_3333, 32_768)


def test_sender_reports_are_found_among_other_packets() -> None:
    sender = bytes(RtcpSrPacket(ssrc=7, sender_info=RtcpSenderInfo(1, 0, 0, 0)))
    assert [source for source, _ in sender_reports(pli(1, 2) + sender + receiver_report(1, []))] == [7]


@given(st.binary(max_size=80))
def test_any_bytes_are_searched_without_complaint(data: bytes) -> None:
    list(sender_reports(data))
