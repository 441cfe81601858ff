"""RTP, with aiortc's own serialization as the judge."""

import pytest
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensionsMap
from aiortc.rtp import RtpPacket as Judge
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.ingest.webrtc.negotiation import MID, RID
from ovs_mock.ingest.webrtc.rtp import Unwrapper, parse_rtp

EXTENSIONS = HeaderExtensionsMap()
EXTENSIONS.configure(
    RTCRtpParameters(
        headerExtensions=[
            RTCRtpHeaderExtensionParameters(id=4, uri=MID),
            RTCRtpHeaderExtensionParameters(id=10, uri=RID),
        ]
    )
)

names = st.text("abcdefghijklmnop", min_size=1, max_size=40)


@st.composite
def judges(draw: st.DrawFn) -> Judge:
    packet = Judge(
        payload_type=draw(st.integers(0, 127)),
        marker=draw(st.integers(0, 1)),
        sequence_number=draw(st.integers(0, 0xFFFF)),
        timestamp=draw(st.integers(0, 0xFFFFFFFF)),
        ssrc=draw(st.integers(0, 0xFFFFFFFF)),
        payload=draw(st.binary(max_size=100)),
    )
    packet.csrc = draw(st.lists(st.integers(0, 0xFFFFFFFF), max_size=15))
    packet.extensions.mid = draw(st.none() | names)
    packet.extensions.rtp_stream_id = draw(st.none() | names)
    packet.padding_size = draw(st.integers(0, 255))
    return packet


@given(judges())
def test_what_is_written_is_read(judge: Judge) -> None:
    packet = parse_rtp(judge.serialize(EXTENSIONS))
    assert packet.ssrc == judge.ssrc
    assert packet.payload_type == judge.payload_type
    assert packet.sequence == judge.sequence_number
    assert packet.timestamp == judge.timestamp
    assert packet.marker == bool(judge.marker)
    assert packet.payload == judge.payload
    expected = {4: judge.extensions.mid, 10: judge.extensions.rtp_stream_id}
    assert packet.extensions == {id_: name.encode() for id_, name in expected.items() if name is not None}


@given(judges(), st.data())
def test_a_packet_that_is_cut_short_is_refused_or_has_less_payload(judge: Judge, data: st.DataObject) -> None:
    judge.padding_size = 0
    whole = judge.serialize(EXTENSIONS)
    length = data.draw(st.integers(0, len(whole)))
    try:
        packet = parse_rtp(whole[:length])
    except ValueError:
        assert length < len(whole) - len(judge.payload)
    else:
        assert judge.payload.startswith(packet.payload)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_rtp(data)
    except ValueError:
        return


@pytest.mark.parametrize("padding", [0, 200])
def test_padding_that_cannot_be_is_refused(padding: int) -> None:
    with pytest.raises(ValueError, match="payload"):
        parse_rtp(b"\xa0" + bytes(11) + bytes([padding]))


@given(st.integers(-(2**40), 2**40), st.lists(st.integers(-0x7FFF, 0x7FFF)))
def test_a_counter_that_wraps_around_is_followed(start: int, steps: list[int]) -> None:
    unwrapper = Unwrapper(16)
    true = start % 65_536
    assert unwrapper.unwrap(true) == true
    for step in steps:
        true += step
        assert unwrapper.unwrap(true % 65_536) == true
