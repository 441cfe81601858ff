"""v0.2: changing the prompt of a stream."""

import json
from collections.abc import Iterable

from ovs_mock.api.message_filter import Item, MessageFilter
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import PROMPT
from ovs_mock.mutants.edits import always, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.message_filters import SOCKET, filters
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner, bodies
from ovs_mock.mutants.responses import on

AREA = Area("v02/prompt")


class FirstPrompt(MessageFilter):
    """Shows in every result the prompt that the stream had when the socket came."""

    def __init__(self, request: MutantRequest) -> None:
        plan = request.stream.plan if request.stream else None
        self._prompt = plan.prompt if plan else None

    def on_send(self, item: Item) -> Iterable[Item]:
        if not isinstance(item, str):
            return (item,)
        return (json.dumps({**json.loads(item), "prompt": self._prompt}),)


class LatePrompt(MessageFilter):
    """Shows in each result the prompt of the one before."""

    def __init__(self, _: MutantRequest) -> None:
        self._last: str | None = None

    def on_send(self, item: Item) -> Iterable[Item]:
        if not isinstance(item, str):
            return (item,)
        result = json.loads(item)
        changed = {**result, "prompt": self._last or result["prompt"]}
        self._last = result["prompt"]
        return (json.dumps(changed),)


def _malformed(status: int, name: str, error: str) -> Mutant:
    return AREA(
        name,
        f"a new prompt for a malformed stream id is {status}",
        on(PROMPT, 400, put("error", error), to=status, when=lambda _, response: "UUID" in response.body["message"]),
    )


MUTANTS = (
    AREA(
        "v02-prompt-ignored",
        "results go on with the prompt that was there before",
        message_filter=filters(SOCKET, FirstPrompt),
    ),
    AREA("v02-prompt-late", "a new prompt is used one result too late", message_filter=filters(SOCKET, LatePrompt)),
    AREA("v02-prompt-answers-204", "a new prompt is 204 without a body", on(PROMPT, 200, always(None), to=204)),
    AREA(
        "v02-prompt-answers-backend-null", "the configuration's backend is null", on(PROMPT, 200, put("backend", None))
    ),
    AREA(
        "v02-prompt-not-shown",
        "the answer to a new prompt shows another one",
        on(PROMPT, 200, change("prompt", lambda prompt: prompt[:-1])),
    ),
    AREA(
        "v02-prompt-without-schema",
        "the configuration leaves out output_schema_json when there is none",
        on(PROMPT, 200, drop("output_schema_json")),
    ),
    AREA(
        "v02-prompt-times-in-seconds",
        "the configuration's times are seconds since 1970",
        on(PROMPT, 200, put("created_at", 1_790_000_000), put("updated_at", 1_790_000_000)),
    ),
    AREA(
        "v02-prompt-times-without-zone",
        "the configuration's times have no Z",
        on(
            PROMPT,
            200,
            change("created_at", lambda time: time.rstrip("Z")),
            change("updated_at", lambda time: time.rstrip("Z")),
        ),
    ),
    AREA(
        "v02-prompt-update-unseen",
        "updated_at stays at created_at",
        lambda request, response: (
            response.body.update(updated_at=response.body["created_at"])
            if request.matches(PROMPT) and response.status == 200
            else None
        ),
    ),
    AREA(
        "v02-prompt-empty-accepted",
        "an empty new prompt is accepted",
        message_filter=bodies(PROMPT, change("prompt", lambda prompt: prompt if prompt != "" else "Describe.")),
    ),
    AREA(
        "v02-prompt-with-more-accepted",
        "unknown fields beside a new prompt are accepted",
        message_filter=bodies(PROMPT, lambda body: {k: v for k, v in body.items() if k == "prompt"}),
    ),
    AREA("v02-prompt-of-anothers-stream", "anybody may change the prompt of a stream", headers=as_owner(PROMPT)),
    _malformed(404, "v02-prompt-malformed-id-404", "not_found"),
    _malformed(422, "v02-prompt-malformed-id-422", "validation_error"),
)
