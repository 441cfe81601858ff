"""The model says what it sees, or what a test tells it to say."""

import asyncio
import functools
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.frames import Frame
from ovs_mock.engine.inference import Answer, Inference, Purpose, Usage
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.tokens import text_tokens
from ovs_mock.model import Question, Reply, ScriptedModel
from ovs_mock.video.patterns import solid
from ovs_mock.video.pixels import Rgb
from ovs_mock.video.stamp import write_stamp


class Shown:
    """A picture of one colour, stamped with its number."""

    width, height = 640, 480

    def __init__(self, colour: str, number: int) -> None:
        self._rgb = write_stamp(solid(colour), number, number)
        self.looked_at_by: list[threading.Thread] = []

    def rgb(self) -> Rgb:
        self.looked_at_by.append(threading.current_thread())
        return self._rgb


RED = [Frame(index, index * SECOND, Shown("red", index)) for index in (10, 12, 14)]

ASKED = Inference(
    id="res_1",
    purpose=Purpose.RESULT,
    stream_id="stream-1",
    mode="clip",
    model="Qwen/Qwen3.5-9B",
    backend="overshoot",
    prompt="Count the people",
    frames=tuple(RED),
    due_at=0,
)
COUNT = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(seed=1)


async def texts(model: ScriptedModel, number: int, **changes: Any) -> list[str]:
    return [(await model.answer(replace(ASKED, **changes))).text for _ in range(number)]


async def text(model: ScriptedModel, **changes: Any) -> str:
    return (await texts(model, 1, **changes))[0]


# By itself


async def test_it_describes_the_frames(model: ScriptedModel) -> None:
    assert await model.answer(ASKED) == Answer(
        text="3 frames #10 #12 #14, 640x480, red, stamps 10 12 14",
        finish_reason="stop",
        usage=Usage(prompt_tokens=4 + 3 * 150, completion_tokens=13),
    )


async def test_without_frames_it_says_so(model: ScriptedModel) -> None:
    assert await text(model, frames=()) == "0 frames"


async def test_it_looks_at_pictures_on_another_thread_and_only_once(model: ScriptedModel) -> None:
    picture = Shown("blue", 1)

    await texts(model, 3, frames=(Frame(0, 0, picture),))

    assert len(picture.looked_at_by) == 1
    assert picture.looked_at_by[0] is not threading.current_thread()


@given(limit=st.integers(1, 30))
async def test_it_never_says_more_than_it_may(limit: int) -> None:
    answer = await ScriptedModel().answer(replace(ASKED, max_output_tokens=limit))

    assert text_tokens(answer.text) == answer.usage.completion_tokens <= limit
    assert (answer.finish_reason == "stop") == (limit >= 13)
    assert answer.finish_reason in ("stop", "length")


async def test_with_a_schema_it_answers_in_json_and_keeps_to_what_it_knows(model: ScriptedModel) -> None:
    fields = {"description": {"type": "string"}, "frame_count": {"type": "integer"}, "colour": {"type": "string"}}
    schema = {"type": "object", "properties": fields, "required": list(fields)}

    assert json.loads(await text(model, output_schema=schema)) == {
        "description": "3 frames #10 #12 #14, 640x480, red, stamps 10 12 14",
        "frame_count": 3,
        "colour": "red",
    }


async def test_made_up_json_depends_on_seed_schema_prompt_and_frames_only(model: ScriptedModel) -> None:
    schema = {"type": "string", "format": "uuid"}
    first = await text(model, output_schema=schema)

    assert await text(ScriptedModel(seed=1), output_schema=schema, id="res_2", due_at=9) == first
    assert await text(ScriptedModel(seed=2), output_schema=schema) != first
    assert await text(model, output_schema={**schema, "title": "other"}) != first
    assert await text(model, output_schema=schema, prompt="other") != first
    assert await text(model, output_schema=schema, frames=ASKED.frames[:2]) != first


async def test_a_schema_that_nothing_follows_makes_an_error(model: ScriptedModel) -> None:
    answer = await model.answer(replace(ASKED, output_schema={"type": "integer", "minimum": 2, "maximum": 1}))

    assert (answer.ok, answer.text, answer.finish_reason) == (False, "", None)
    assert answer.error == "no value was found that is valid against the output schema"


async def test_with_few_tokens_it_leaves_out_what_is_optional(model: ScriptedModel) -> None:
    fields = {f"optional_{n}": {"type": "string", "minLength": 100} for n in range(8)}
    schema = {**COUNT, "properties": {**COUNT["properties"], **fields}}  # type: ignore[dict-item]

    assert json.loads(await text(model, output_schema=schema, max_output_tokens=10)).keys() == {"count"}


# Scripted


async def test_a_reply_is_given_always(model: ScriptedModel) -> None:
    model.reply("hello")

    assert await texts(model, 3) == ["hello"] * 3


async def test_an_object_is_sent_as_json(model: ScriptedModel) -> None:
    model.reply({"count": 3})

    assert await text(model) == '{"count":3}'


async def test_replies_come_in_order_and_the_last_one_stays(model: ScriptedModel) -> None:
    model.reply("a", "b", "c")

    assert await texts(model, 5) == ["a", "b", "c", "c", "c"]


async def test_after_its_times_a_reply_gives_way_to_what_was_set_before(model: ScriptedModel) -> None:
    model.reply("before")
    rule = model.reply("a", "b", times=3)

    assert await texts(model, 5) == ["a", "b", "b", "before", "before"]
    assert rule.used == 3


async def test_in_the_end_the_model_speaks_for_itself(model: ScriptedModel) -> None:
    model.reply("once", times=1)

    assert await texts(model, 2) == ["once", "3 frames #10 #12 #14, 640x480, red, stamps 10 12 14"]


async def test_the_newest_reply_goes_first(model: ScriptedModel) -> None:
    model.reply("old")
    model.reply("new")

    assert await text(model) == "new"


async def test_a_reply_with_conditions_goes_before_one_without(model: ScriptedModel) -> None:
    model.when(prompt="people").reply("people")
    model.reply("anything")

    assert await text(model) == "people"
    assert await text(model, prompt="cars") == "anything"


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        ({"prompt": "people"}, True),
        ({"prompt": "cars"}, False),
        ({"prompt": re.compile("^count", re.IGNORECASE)}, True),
        ({"prompt": re.compile("^people")}, False),
        ({"model": "Qwen/Qwen3.5-9B"}, True),
        ({"model": "Qwen"}, False),
        ({"mode": "clip"}, True),
        ({"mode": "frame"}, False),
        ({"stream_id": "stream-1"}, True),
        ({"stream_id": "stream-2"}, False),
        ({"where": lambda question: len(question.frames) == 3}, True),
        ({"where": lambda question: question.schema is not None}, False),
        ({"prompt": "people", "mode": "frame"}, False),
    ],
)
async def test_all_conditions_have_to_be_met(model: ScriptedModel, conditions: dict[str, Any], met: object) -> None:
    model.when(**conditions).reply("met")

    assert (await text(model) == "met") is met


async def test_a_function_sees_the_question_and_its_frames(model: ScriptedModel) -> None:
    def look(question: Question) -> dict[str, Any]:
        frame = question.frames[-1]
        assert frame.stamp is not None
        red = int(frame.rgb()[-1, -1, 0])
        return {"at": frame.time, "size": [frame.width, frame.height], "red": red, "stamp": frame.stamp.number}

    model.reply(look)

    assert json.loads(await text(model)) == {"at": 14.0, "size": [640, 480], "red": 255, "stamp": 14}


async def test_a_plain_function_runs_on_another_thread_and_may_block(model: ScriptedModel) -> None:
    released = threading.Event()
    model.reply(lambda question: "released" if released.wait(5) else "stuck")

    asking = asyncio.create_task(text(model))
    await asyncio.sleep(0)
    released.set()

    assert await asking == "released"


async def test_a_coroutine_runs_on_the_loop(model: ScriptedModel) -> None:
    loop = asyncio.get_running_loop()

    async def reply(question: Question, *, name: str = "loop") -> Reply:
        return Reply(name if asyncio.get_running_loop() is loop else "elsewhere")

    model.reply(reply, functools.partial(reply, name="partial"))

    assert await texts(model, 2) == ["loop", "partial"]


async def test_what_a_function_raises_comes_through(model: ScriptedModel) -> None:
    def fail(question: Question) -> str:
        raise LookupError("the script has a bug")

    model.reply(fail)

    with pytest.raises(LookupError, match="the script has a bug"):
        await model.answer(ASKED)


async def test_what_a_function_returns_must_be_a_reply(model: ScriptedModel) -> None:
    model.reply(lambda question: 3)  # type: ignore[arg-type, return-value]

    with pytest.raises(TypeError, match=r"such as Reply\(json=3\)"):
        await model.answer(ASKED)


async def test_scripted_text_is_sent_whatever_schema_was_asked_for(model: ScriptedModel) -> None:
    model.reply("{broken")

    assert await text(model, output_schema=COUNT) == "{broken"


async def test_scripted_text_is_truncated_like_any_other(model: ScriptedModel) -> None:
    model.reply("0123456789")

    answer = await model.answer(replace(ASKED, max_output_tokens=2))

    assert (answer.text, answer.finish_reason) == ("01234567", "length")


async def test_a_failure_has_its_message_and_no_text(model: ScriptedModel) -> None:
    model.when(prompt="people").fail("out of memory", times=1)

    answer = await model.answer(ASKED)

    assert (answer.ok, answer.error, answer.text, answer.finish_reason) == (False, "out of memory", "", None)
    assert (await model.answer(ASKED)).ok


@pytest.mark.parametrize(
    ("script", "latency"),
    [
        (lambda model: None, None),
        (lambda model: model.latency(0.2), 200_000),
        (lambda model: (model.latency(0.2), model.latency(None)), None),
        (lambda model: model.reply(Reply("slow", latency=1.5)), 1_500_000),
        (lambda model: (model.latency(0.2), model.reply(Reply(error="slow", latency=0))), 0),
    ],
)
async def test_latency_is_the_replys_or_else_the_models(
    model: ScriptedModel, script: Callable[[ScriptedModel], object], latency: int | None
) -> None:
    script(model)

    assert (await model.answer(ASKED)).latency == latency


async def test_a_reply_may_change_how_the_models_own_words_end(model: ScriptedModel) -> None:
    model.reply(Reply(finish_reason="content_filter", latency=1))

    answer = await model.answer(ASKED)

    assert answer.text.startswith("3 frames")
    assert (answer.finish_reason, answer.latency) == ("content_filter", SECOND)


# Remembered


async def test_questions_are_remembered_without_their_pixels(model: ScriptedModel) -> None:
    await text(model, output_schema=COUNT, max_output_tokens=50)

    (question,) = model.questions
    assert (question.prompt, question.schema, question.max_output_tokens) == ("Count the people", COUNT, 50)
    assert [(frame.index, frame.colour, frame.stamp and frame.stamp.number) for frame in question.frames] == [
        (10, "red", 10),
        (12, "red", 12),
        (14, "red", 14),
    ]
    with pytest.raises(LookupError, match="the pixels of frame #10 are not kept"):
        question.frames[0].rgb()


async def test_only_the_last_thousand_questions_are_remembered(model: ScriptedModel) -> None:
    model.reply("")
    for number in range(1005):
        await model.answer(replace(ASKED, prompt=str(number), frames=()))

    assert [question.prompt for question in model.questions] == [str(number) for number in range(5, 1005)]


async def test_a_reset_forgets_everything(model: ScriptedModel) -> None:
    model.reply("scripted")
    model.latency(1)
    await model.answer(ASKED)

    model.reset()

    assert model.questions == []
    answer = await model.answer(ASKED)
    assert answer.text.startswith("3 frames")
    assert answer.latency is None


async def test_it_may_be_scripted_from_other_threads_while_it_answers(model: ScriptedModel) -> None:
    def script() -> None:
        for number in range(200):
            model.reply(f"scripted {number}", times=1)

    scripting = [asyncio.create_task(asyncio.to_thread(script)) for _ in range(4)]
    answered = 0
    while not all(task.done() for task in scripting):
        answered += (await text(model, frames=())).startswith("scripted")
        await asyncio.sleep(0)
    await asyncio.gather(*scripting)
    while (await text(model, frames=())).startswith("scripted"):
        answered += 1

    assert answered == 800


# Misused


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        (lambda model: model.reply(), TypeError, "at least one reply"),
        (lambda model: model.reply(3), TypeError, r"such as Reply\(json=3\)"),
        (lambda model: model.reply("a", times=0), ValueError, "times=0"),
        (lambda model: model.latency(-1), ValueError, "cannot come before"),
        (lambda model: model.when(prompt=3), TypeError, "prompt=3"),
        (lambda model: model.when(mode="film"), ValueError, "the modes are 'clip', 'frame', 'chat'"),
        (lambda model: model.when(where="people"), TypeError, "where='people'"),
    ],
)
def test_misuse_is_explained_at_once(
    model: ScriptedModel, script: Callable[[Any], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        script(model)


def test_importing_the_model_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    heavy = ("numpy", "av", "jsonschema", "referencing", "livekit")
    code = f"import sys, ovs_mock.model; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
