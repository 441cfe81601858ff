"""v0.2: asking again about the clip of a result."""

from collections.abc import Iterable
from dataclasses import replace

from ovs_mock.engine.commands import Reinfer
from ovs_mock.engine.events import Event, ResultReady
from ovs_mock.engine.settings import Settings
from ovs_mock.engine.state import EngineState
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import REINFER
from ovs_mock.mutants.catalogue.v02_models import KNOWN
from ovs_mock.mutants.edits import change, drop, put, rename
from ovs_mock.mutants.engines import EngineStep, MutantEngine, edit_command
from ovs_mock.mutants.requests import bodies
from ovs_mock.mutants.responses import on

AREA = Area("v02/reinfer")


class SharedClips(MutantEngine):
    """Whoever knows a result's id may ask about its clip."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, command=(Reinfer, self._as_owner), event=(ResultReady, self._remember))
        self._owners: dict[str, str] = {}

    def _remember(self, event: ResultReady, state: EngineState) -> Iterable[Event]:
        self._owners[event.result.inference.id] = state.streams[event.stream_id].key
        return [event]

    def _as_owner(self, command: Reinfer, step: EngineStep) -> Iterable[Event]:
        step.state.accounts.authenticate(command.key)
        return step.run(replace(command, key=self._owners.get(command.result_id, command.key)))


def _reached(command: Reinfer, state: EngineState) -> Reinfer:
    return command if state.models.get(command.model) else replace(command, model=KNOWN)


MUTANTS = (
    AREA(
        "v02-reinfer-at-once",
        "the clip of a result can be asked about as soon as the result is there",
        settings=lambda settings: replace(settings, clip_persistence_seconds=0),
    ),
    AREA(
        "v02-reinfer-never",
        "the clip of a result is persisted a minute later only",
        settings=lambda settings: replace(settings, clip_persistence_seconds=60),
    ),
    AREA("v02-reinfer-too-early-409", "a clip that is not there is 409", on(REINFER, 404, to=409)),
    AREA("v02-reinfer-anothers-clip", "anybody may ask about the clip of a result", engine=SharedClips),
    AREA("v02-reinfer-without-usage", "a new answer has no usage", on(REINFER, 200, drop("usage"))),
    AREA(
        "v02-reinfer-total-wrong",
        "total_tokens are those of the completion",
        on(REINFER, 200, lambda body: put("usage.total_tokens", body["usage"]["completion_tokens"])(body)),
    ),
    AREA(
        "v02-reinfer-content-renamed",
        "the content of a new answer is called result",
        on(REINFER, 200, rename("content", "result")),
    ),
    AREA(
        "v02-reinfer-always-stop",
        "a new answer that was cut off says stop",
        on(REINFER, 200, put("finish_reason", "stop")),
    ),
    AREA(
        "v02-reinfer-model-shortened",
        "the model of a new answer has lost its provider",
        on(REINFER, 200, change("model", lambda model: model.rpartition("/")[2])),
    ),
    AREA(
        "v02-reinfer-unlimited",
        "max_tokens of a new question is ignored",
        message_filter=bodies(REINFER, drop("max_tokens")),
    ),
    AREA(
        "v02-reinfer-schema-ignored",
        "output_schema of a new question is ignored",
        message_filter=bodies(REINFER, drop("output_schema")),
    ),
    AREA(
        "v02-reinfer-any-model",
        "a new question may name a model that nobody knows",
        engine=edit_command(Reinfer, _reached),
    ),
    AREA(
        "v02-reinfer-prompt-optional",
        "a new question needs no prompt",
        message_filter=bodies(REINFER, lambda body: {"prompt": "Describe.", **body}),
    ),
)
