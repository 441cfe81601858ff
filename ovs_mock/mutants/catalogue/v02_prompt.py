"""v0.2: changing the prompt of a stream."""

import json
from collections.abc import Iterable

from ovs_mock.api.message_filter import Item, MessageFilter
from ovs_mock.mutants.answers import on
from ovs_mock.mutants.catalogue.routes import PROMPT
from ovs_mock.mutants.edits import always, change, drop, put
from ovs_mock.mutants.exchange import MutantRequest
from ovs_mock.mutants.message_filters import SOCKET, filters
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import as_owner, bodies

AREA = "v02/prompt"


class FirstPrompt(MessageFilter):
    """Shows in every result the prompt that the stream had when the socket came."""

    def __init__(self, asked: MutantRequest) -> None:
        plan = asked.stream.plan if asked.stream else None
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
        shown = {**result, "prompt": self._last or result["prompt"]}
        self._last = result["prompt"]
        return (json.dumps(shown),)


def _malformed(status: int, name: str, error: str) -> Mutant:
    return Mutant(
        name=name,
        area=AREA,
        description=f"a new prompt for a malformed stream id is {status}",
        response=on(PROMPT, 400, put("error", error), to=status, when=lambda _, reply: "UUID" in reply.body["message"]),
    )


MUTANTS = (
    Mutant(
        name="v02-prompt-ignored",
        area=AREA,
        description="results go on with the prompt that was there before",
        message_filter=filters(SOCKET, FirstPrompt),
    ),
    Mutant(
        name="v02-prompt-late",
        area=AREA,
        description="a new prompt is used one result too late",
        message_filter=filters(SOCKET, LatePrompt),
    ),
    Mutant(
        name="v02-prompt-answers-204",
        area=AREA,
        description="a new prompt is 204 without a body",
        response=on(PROMPT, 200, always(None), to=204),
    ),
    Mutant(
        name="v02-prompt-answers-backend-null",
        area=AREA,
        description="the configuration's backend is null",
        response=on(PROMPT, 200, put("backend", None)),
    ),
    Mutant(
        name="v02-prompt-not-shown",
        area=AREA,
        description="the answer to a new prompt shows another one",
        response=on(PROMPT, 200, change("prompt", lambda prompt: prompt[:-1])),
    ),
    Mutant(
        name="v02-prompt-without-schema",
        area=AREA,
        description="the configuration leaves out output_schema_json when there is none",
        response=on(PROMPT, 200, drop("output_schema_json")),
    ),
    Mutant(
        name="v02-prompt-times-in-seconds",
        area=AREA,
        description="the configuration's times are seconds since 1970",
        response=on(PROMPT, 200, put("created_at", 1_790_000_000), put("updated_at", 1_790_000_000)),
    ),
    Mutant(
        name="v02-prompt-times-without-zone",
        area=AREA,
        description="the configuration's times have no Z",
        response=on(
            PROMPT,
            200,
            change("created_at", lambda time: time.rstrip("Z")),
            change("updated_at", lambda time: time.rstrip("Z")),
        ),
    ),
    Mutant(
        name="v02-prompt-update-unseen",
        area=AREA,
        description="updated_at stays at created_at",
        response=lambda asked, reply: (
            reply.body.update(updated_at=reply.body["created_at"])
            if asked.matches(PROMPT) and reply.status == 200
            else None
        ),
    ),
    Mutant(
        name="v02-prompt-empty-accepted",
        area=AREA,
        description="an empty new prompt is accepted",
        message_filter=bodies(PROMPT, change("prompt", lambda prompt: prompt if prompt != "" else "Describe.")),
    ),
    Mutant(
        name="v02-prompt-with-more-accepted",
        area=AREA,
        description="unknown fields beside a new prompt are accepted",
        message_filter=bodies(PROMPT, lambda body: {k: v for k, v in body.items() if k == "prompt"}),
    ),
    Mutant(
        name="v02-prompt-of-anothers-stream",
        area=AREA,
        description="anybody may change the prompt of a stream",
        headers=as_owner(PROMPT),
    ),
    _malformed(404, "v02-prompt-malformed-id-404", "not_found"),
    _malformed(422, "v02-prompt-malformed-id-422", "validation_error"),
)
