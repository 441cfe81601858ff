"""What the runtime needs of others, as protocols."""

from typing import Protocol

from ovs_mock.engine.inference import Answer, Inference


class ModelPort(Protocol):
    """Answers inferences. An exception is a bug of the mock, or of a reply function of the test."""

    def answer_now(self, inference: Inference) -> Answer | None:
        """The answer, if nothing on the way to it takes time; else ``None``, and ``answer`` is called."""
        ...

    async def answer(self, inference: Inference) -> Answer: ...


class MediaGateway(Protocol):
    """Receives video over WebRTC. Absent when the extra ``media`` is not installed."""

    async def answer_offer(self, stream_id: str, sdp: str) -> str:
        """The SDP answer to a WebRTC offer, with all candidates; ValueError for an offer that cannot be used."""
        ...
