"""What generated values depend on, and the values that are known and need not be generated."""

import json

from ovs_mock.model.question import Question
from ovs_mock.model.schema_context import ValueHints

# A property whose name contains one of these gets the description of the frames, if the schema allows.
_DESCRIPTION_NAMES = (
    *("description", "summary", "caption", "observation", "explanation"),
    *("reason", "scene", "text", "answer"),
)


def generator_key(question: Question, seed: int | None, *about: object) -> str:
    """What generated values depend on: the seed, the prompt, the frames, and the number of the chat's choice."""
    indices = [frame.index for frame in question.frames]
    return json.dumps([seed, *about, question.prompt, indices, question.choice], sort_keys=True)


def value_hints(question: Question, description: str, **strings: str) -> ValueHints:
    """Known values, by words that the names of their properties contain."""
    known: dict[str, str] = {**strings, **dict.fromkeys(_DESCRIPTION_NAMES, description)}
    colours = [frame.colour for frame in question.frames if frame.colour]
    if colours:
        known["colour"] = known["color"] = colours[-1]
    return ValueHints(strings=known, integers={"frame": len(question.frames)})
