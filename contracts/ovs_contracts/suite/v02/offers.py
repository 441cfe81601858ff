"""An SDP offer as browsers make them, sent before any candidate is known. Nobody waits for its answer."""

_LINES = """\
v=0
o=- 4004254681 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Q9Lh
a=ice-pwd:iGr6CgnZVLE3cTDZrxmcl2aa
a=ice-options:trickle
a=fingerprint:sha-256 B1:36:89:2A:52:29:97:97:DE:B1:2A:40:A5:18:29:CD:BE:1F:C8:CD:68:6A:98:9B:AD:24:42:DB:08:F9:B1:64
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendonly
a=msid:stream track
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=ssrc-group:FID 2494169133 2140190033
a=ssrc:2494169133 cname:video
a=ssrc:2140190033 cname:video
"""

OFFER = _LINES.replace("\n", "\r\n")
