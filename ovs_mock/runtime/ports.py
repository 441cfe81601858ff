"""What the hall needs of others, as they must look."""

from typing import Protocol

from ovs_mock.engine.inference import Answer, Inference


class ModelPort(Protocol):
    """Answers questions about frames. An exception is a bug of the mock or of the test's script."""

    async def answer(self, inference: Inference) -> Answer: ...


class MediaGateway(Protocol):
    """Takes video in. Absent when the media extra is not installed."""

    async def answer_offer(self, stream_id: str, sdp: str) -> str:
        """The SDP answer to a plain WebRTC offer, with all candidates; ValueError for an offer that cannot be used."""
        ...
