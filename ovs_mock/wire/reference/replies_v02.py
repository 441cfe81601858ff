"""How v0.2 answers what goes wrong: statuses and bodies come from the functions that the mock itself answers with."""

from typing import Any

from ovs_mock.engine.errors import RefusedError, Why
from ovs_mock.wire.reference.operation import Reply
from ovs_mock.wire.reference.shape import ref
from ovs_mock.wire.reference.words import SAID
from ovs_mock.wire.v02 import errors

ERROR = ref("Error")


def refusals(*whys: Why) -> tuple[Reply, ...]:
    """What the rules do not allow."""
    return tuple(_reply(SAID[why], *errors.refused(RefusedError(why, SAID[why]))) for why in whys)


def invalid(loc: list[str], message: str) -> tuple[Reply, ...]:
    """What a call with a body can be told about it."""
    details = [{"loc": ["body", *loc], "msg": message, "type": "value_error"}]
    return (
        _reply("The body is not JSON.", *errors.plain(400, "The body is not JSON.")),
        _reply("The body is larger than a megabyte.", *errors.plain(413, "Request Entity Too Large")),
        _reply("The body fails validation.", *errors.invalid(details)),
    )


def malformed_id() -> Reply:
    return _reply("The stream id is not a UUID.", *errors.plain(400, "The stream id is not a UUID."))


def internal(description: str = "The mock failed.") -> Reply:
    return _reply(description, *errors.internal(description))


def _reply(description: str, status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, description, ERROR, body["error"], body)
