"""Receiving video over WebRTC: negotiation, RTP, decoding."""
