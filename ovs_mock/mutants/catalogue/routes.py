"""The routes that mutants are about."""

from collections.abc import Callable, Iterator

from ovs_mock.mutants.mutant import Mutant

V02 = "* /v0.2/*"
CREATE = "POST /v0.2/streams"
STREAM = "* /v0.2/streams/{id}*"
KEEPALIVE = "POST /v0.2/streams/{id}/keepalive"
DELETE = "DELETE /v0.2/streams/{id}"
PROMPT = "PATCH /v0.2/streams/{id}/config/prompt"
INFO = "GET /v0.2/streams/{id}/info"
SPECTATE = "POST /v0.2/streams/{id}/spectate"
FEEDBACK = "POST /v0.2/streams/{id}/feedback"
FEEDBACK_LIST = "GET /v0.2/streams/feedback"
MODELS = "GET /v0.2/models"
REINFER = "POST /v0.2/chat/completions/clip"

VERSIONS = ("v1", "v1beta")


def in_turn(make: Callable[[str], Iterator[Mutant]]) -> Iterator[Mutant]:
    """Take the mutants that both versions could have from v1 and v1beta alternately."""
    pairs = zip(*(make(version) for version in VERSIONS), strict=True)
    return (pair[number % len(VERSIONS)] for number, pair in enumerate(pairs))


def create(version: str) -> str:
    return f"POST /{version}/streams"


def status(version: str) -> str:
    return f"GET /{version}/streams/{{id}}"


def keepalive(version: str) -> str:
    return f"POST /{version}/streams/{{id}}/keepalive"


def delete(version: str) -> str:
    return f"DELETE /{version}/streams/{{id}}"


def any_stream(version: str) -> str:
    """Every call about a stream."""
    return f"* /{version}/streams/{{id}}*"


def chat(version: str) -> str:
    return f"POST /{version}/chat/completions"


def models(version: str) -> str:
    return f"GET /{version}/models"


VIEWER = "POST /v1beta/streams/{id}/viewer-token"
