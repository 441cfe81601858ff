"""The model's own reply to a question with an output schema."""

import json

from ovs_mock.model.question import Question
from ovs_mock.model.reply import Reply, json_text
from ovs_mock.model.schema_place import Hints, NoValueError
from ovs_mock.model.schema_values import valid_value
from ovs_mock.engine.tokens import text_tokens

# Properties whose names contain one of these get the description of the frames, if the schema allows.
_ABOUT_ALL = ("description", "summary", "caption", "observation", "explanation", "reason", "scene", "text", "answer")


def structured_reply(question: Question, description: str, seed: int | None) -> Reply:
    """JSON that is valid against the question's schema: honest where a property asks for what is known, else made up.

    Optional properties are left out when there are too few tokens for them.
    """
    assert question.schema is not None
    key = json.dumps(
        [seed, question.schema, question.prompt, [frame.index for frame in question.frames]], sort_keys=True
    )
    hints = _hints(question, description)
    try:
        text = json_text(valid_value(question.schema, key, hints))
        if question.max_output_tokens is not None and text_tokens(text) > question.max_output_tokens:
            text = json_text(valid_value(question.schema, key, hints, sparse=True))
    except NoValueError as error:
        return Reply(error=str(error))
    return Reply(text)


def _hints(question: Question, description: str) -> Hints:
    strings: dict[str, str] = dict.fromkeys(_ABOUT_ALL, description)
    colours = [frame.colour for frame in question.frames if frame.colour]
    if colours:
        strings["colour"] = strings["color"] = colours[-1]
    return Hints(strings=strings, integers={"frame": len(question.frames)})
