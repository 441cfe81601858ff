"""Offers as clients write them, shortened."""

BROWSER_OFFER = """\
v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 104 98 45
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Kx3r
a=ice-pwd:p4sswordp4sswordp4ssword
a=ice-options:trickle
a=fingerprint:sha-256 AB:CD
a=setup:actpass
a=mid:0
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10/sendonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=sendonly
a=msid:stream track
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=rtcp-fb:102 nack
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rtpmap:104 H264/90000
a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f
a=rtpmap:98 VP9/90000
a=rtpmap:45 AV1/90000
a=ssrc-group:FID 1001 1002
a=ssrc:1001 cname:x
a=ssrc:1002 cname:x
""".replace("\n", "\r\n")


def offer(*sections: str, bundle: str | None = None) -> str:
    """An offer of sections, which are texts with ``|`` for line ends."""
    group = [f"a=group:BUNDLE {bundle}"] if bundle else []
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", *group]
    lines += [line for section in sections for line in section.split("|")]
    return "\r\n".join(lines) + "\r\n"


def video(*lines: str) -> str:
    """An offer of one VP8 section with more lines."""
    return offer("|".join(["m=video 9 UDP/TLS/RTP/SAVPF 96", "a=rtpmap:96 VP8/90000", *lines]))
