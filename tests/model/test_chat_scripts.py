"""Chats can be scripted, made to fail and told apart, and are remembered."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from ovs_mock.engine.conversation import JsonOutput, Link, Message, ResolvedFrames, Text, Tool, ToolChoice
from ovs_mock.engine.inference import FailureKind, Inference
from ovs_mock.engine.instants import SECOND
from ovs_mock.model import Question, Reply, ScriptedModel

Chat = Callable[..., Inference]
Show = Callable[..., ResolvedFrames]


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(seed=1)


# Failures


@pytest.mark.parametrize(
    ("reply", "error", "failure", "status"),
    [
        (Reply(error="no GPU"), "no GPU", FailureKind.MODEL, None),
        (Reply.blocked(), "The provider blocked the content.", FailureKind.SAFETY, None),
        (Reply.blocked("Violence"), "Violence", FailureKind.SAFETY, None),
        (Reply.upstream(503), "Service Unavailable", FailureKind.UPSTREAM, 503),
        (Reply.upstream(599), "Status 599", FailureKind.UPSTREAM, 599),
        (Reply.upstream(429, {"error": "slow down"}), '{"error":"slow down"}', FailureKind.UPSTREAM, 429),
        (Reply.upstream(), "The provider could not be reached.", FailureKind.UPSTREAM, None),
        (Reply.timeout(), "The provider took too long.", FailureKind.TIMEOUT, None),
    ],
)
async def test_a_chat_fails_as_it_is_told_to(
    model: ScriptedModel, chat: Chat, reply: Reply, error: str, failure: FailureKind, status: int | None
) -> None:
    model.reply(reply)

    answer = await model.answer(chat("Hm?"))

    assert (answer.error, answer.failure, answer.upstream_status) == (error, failure, status)
    assert (answer.text, answer.finish_reason, answer.usage.completion_tokens) == ("", None, 0)


@pytest.mark.parametrize(
    "reply", [Reply.blocked(latency=2), Reply.upstream(500, latency=2), Reply.timeout(latency=2)], ids=str
)
async def test_a_failure_may_take_its_time(model: ScriptedModel, chat: Chat, reply: Reply) -> None:
    model.reply(reply)

    assert (await model.answer(chat("Hm?"))).latency == 2 * SECOND


# Pace


@pytest.mark.parametrize(
    ("script", "pace"),
    [
        (lambda model: None, None),
        (lambda model: model.pace(20), 20),
        (lambda model: (model.pace(20), model.pace(None)), None),
        (lambda model: (model.pace(20), model.reset()), None),
        (lambda model: (model.pace(20), model.reply("hello")), 20),
        (lambda model: (model.pace(20), model.reply(Reply("hello", tokens_per_second=5))), 5),
        (lambda model: model.reply(Reply(tokens_per_second=5)), 5),
    ],
)
async def test_pace_is_the_replys_or_else_the_models(
    model: ScriptedModel, chat: Chat, script: Callable[[ScriptedModel], object], pace: float | None
) -> None:
    script(model)

    answer = await model.answer(chat("Hm?"))

    assert answer.tokens_per_second == pace
    assert answer.text in ("hello", 'No frames. You said: "Hm?"')


# Conditions


@pytest.mark.parametrize(
    ("conditions", "met"),
    [
        ({"mode": "chat"}, True),
        ({"mode": "clip"}, False),
        ({"prompt": "last"}, True),
        ({"prompt": "first"}, False),
        ({"stream_id": "front"}, True),
        ({"stream_id": "back"}, True),
        ({"stream_id": "side"}, False),
        ({"frames": 3}, True),
        ({"frames": 0}, False),
        ({"frames": lambda frames: frames[-1].colour == "blue"}, True),
        ({"frames": lambda frames: frames[0].colour == "blue"}, False),
        ({"where": lambda question: question.choice == 2}, True),
        ({"where": lambda question: len(question.messages) == 1}, False),
    ],
)
async def test_conditions_are_about_what_was_said_last_and_all_frames(
    model: ScriptedModel, chat: Chat, shown: Show, conditions: dict[str, Any], met: object
) -> None:
    first = Message(role="user", parts=(Text("first"), shown("red", 1, stream="front")))
    asked = chat(
        first,
        Message(role="assistant", parts=(Text("I see"),)),
        "last",
        shown("blue", 1, 2, stream="back"),
        choice=2,
    )
    model.when(**conditions).reply("met")

    assert ((await model.answer(asked)).text == "met") is met


# Remembered


async def test_a_question_holds_the_whole_chat(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    tool = Tool("get_weather", {})
    await model.answer(
        chat(
            Message(role="system", parts=(Text("Be brief"),)),
            "What is",
            shown("red", 1, stream="front"),
            "and",
            shown("blue", 4, 5, kind="video", stream="back"),
            Link("https://example.com/cat.jpg", "image"),
            output=JsonOutput(),
            tools=(tool,),
            tool_choice=ToolChoice("none"),
            parallel_tool_calls=False,
            choice=1,
            temperature=0.5,
        )
    )

    (question,) = model.questions
    system, user = question.messages
    assert (system.role, system.text, system.frames, system.links) == ("system", "Be brief", (), ())
    assert (user.role, user.text, user.links) == ("user", "What is\nand", ("https://example.com/cat.jpg",))
    assert [(media.kind, media.stream_id, len(media.frames)) for media in user.media] == [
        ("image", "front", 1),
        ("video", "back", 2),
    ]
    assert user.frames == question.frames
    assert [(frame.index, frame.colour) for frame in question.frames] == [(1, "red"), (4, "blue"), (5, "blue")]
    assert (question.mode, question.prompt, question.json, question.schema) == ("chat", "What is\nand", True, None)
    assert (question.stream_id, question.stream_ids) == (None, ("front", "back"))
    assert (question.tools, question.tool_choice.mode, question.parallel_tool_calls) == ((tool,), "none", False)
    assert (question.choice, question.temperature) == (1, 0.5)


async def test_a_chat_about_one_stream_has_that_streams_id(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    await model.answer(chat(shown("red", 1), shown("red", 2), shown("green", -1, stream=None)))
    await model.answer(chat("no stream"))

    assert [question.stream_id for question in model.questions] == ["stream-1", None]
    assert [question.stream_ids for question in model.questions] == [("stream-1",), ()]


async def test_a_script_sees_pixels_and_memory_does_not(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    def look(question: Question) -> dict[str, Any]:
        (frame,) = question.messages[0].frames
        return {"red": int(frame.rgb()[-1, -1, 0])}

    model.reply(look)

    assert (await model.answer(chat(shown("red", 1)))).text == '{"red":255}'
    with pytest.raises(LookupError, match="the pixels of frame #1 are not kept"):
        model.questions[0].messages[0].frames[0].rgb()


async def test_a_remembered_chat_keeps_no_picture_alive(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    video = shown("red", 1)
    alive = weakref.ref(video.frames[0].picture)
    await model.answer(chat("Hm?", video))
    # The thread that looked at the picture may not have let go of it yet.
    await asyncio.get_running_loop().shutdown_default_executor()

    del video
    gc.collect()

    assert alive() is None
    assert model.questions[0].frames[0].colour == "red"


async def test_a_frame_shows_what_it_is(model: ScriptedModel, chat: Chat, shown: Show) -> None:
    await model.answer(chat(shown("red", 3)))

    assert repr(model.questions[0].frames[0]).startswith(
        "FrameView(index=3, time=3.0, observation=Observation(width=640"
    )


# Misused


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Reply(tokens_per_second=0), ValueError, "a pace is above 0"),
        (lambda: Reply(error="a", tool_calls=["f"]), ValueError, "an error calls no tools"),
        (lambda: Reply(tool_calls="f"), TypeError, r"Reply\(tool_calls=\['f'\]\)"),
        (lambda: Reply(tool_calls=[3]), TypeError, r'such as \("get_weather", {"city": "Oslo"}\)'),  # type: ignore[list-item]
        (lambda: Reply(tool_calls=[("f", {"a": {1}})]), ValueError, "cannot be sent as JSON"),
        (lambda: Reply(tool_calls=[""]), ValueError, "needs the tool's name"),
        (lambda: Reply(kind=FailureKind.SAFETY), ValueError, "are about an error"),
        (lambda: Reply(error="a", upstream_status=500), ValueError, r"Reply\.upstream\(503\)"),
        (lambda: Reply.upstream(200), ValueError, "fails with 400 to 599"),
        (lambda: ScriptedModel().pace(-1), ValueError, "a pace is above 0"),
        (lambda: ScriptedModel().when(frames=True), TypeError, "frames=True"),
        (lambda: ScriptedModel().when(frames="3"), TypeError, "frames='3'"),  # type: ignore[arg-type]
        (lambda: ScriptedModel().when(frames=-1), ValueError, "never fewer than none"),
    ],
)
def test_misuse_is_explained_at_once(make: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
