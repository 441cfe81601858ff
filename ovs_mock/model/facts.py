"""What made-up values depend on, and what need not be made up."""

import json

from ovs_mock.model.question import Question
from ovs_mock.model.schema_context import ValueHints

# Properties whose names contain one of these get the description of the frames, if the schema allows.
_ABOUT_ALL = ("description", "summary", "caption", "observation", "explanation", "reason", "scene", "text", "answer")


def key_of(question: Question, seed: int | None, *about: object) -> str:
    """What made-up values depend on: the seed, what is asked, the frames, and which of several choices it is."""
    indices = [frame.index for frame in question.frames]
    return json.dumps([seed, *about, question.prompt, indices, question.choice], sort_keys=True)


def hints_of(question: Question, description: str, **strings: str) -> ValueHints:
    """What is known, by the names of properties that ask for it."""
    known: dict[str, str] = {**strings, **dict.fromkeys(_ABOUT_ALL, description)}
    colours = [frame.colour for frame in question.frames if frame.colour]
    if colours:
        known["colour"] = known["color"] = colours[-1]
    return ValueHints(strings=known, integers={"frame": len(question.frames)})
