"""The model that the mock asks."""

import asyncio
import inspect
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from ovs_mock.engine.inference import Answer, Inference, Mode
from ovs_mock.model.callback import Replier, Scripted, as_reply, as_scripted
from ovs_mock.model.conditions import Condition, FramesCondition, Where, conditions
from ovs_mock.model.default_replies import said_at_once, said_to
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.observation import FrameObserver
from ovs_mock.model.question import Endpoint, Question, Version
from ovs_mock.model.reply import Reply, check_latency, check_pace
from ovs_mock.model.response import Pacing, answer_of
from ovs_mock.model.script import ReplyRule, ReplyRules

REMEMBERED_QUESTIONS = 1000
_UNSCRIPTED = Reply()


class ConditionalReplies:
    """Questions that meet some conditions. Made by ``ScriptedModel.when``."""

    def __init__(self, script: ReplyRules, met: tuple[Condition, ...]) -> None:
        self._script = script
        self._conditions = met

    def reply(self, *replies: Scripted | Replier, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Reply to these questions; see ``ScriptedModel.reply``."""
        if not replies:
            raise TypeError("reply() needs at least one reply")
        if times is not None and times < 1:
            raise ValueError(f"times={times}: a reply is given once or more, or without end (None)")
        rule = ReplyRule(self._conditions, tuple(as_scripted(reply) for reply in replies), times, optional)
        self._script.add(rule)
        return rule

    def fail(self, message: str, *, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Fail on these questions: their results are not ok, and carry ``message`` as their error; chats fail."""
        return self.reply(Reply(error=message), times=times, optional=optional)


class ScriptedModel:
    """Says what it sees in the frames, or what a test tells it to say.

    By itself it describes the frames (see ``describe``, and ``chat_words`` for chats), or makes up JSON for a question
    with a schema: valid, and the same for the same seed, schema, prompt, frame indices and choice. In a chat it calls
    the tools that it has to, and those that the user names (see ``wanted_tools``).

    May be scripted from any thread, before and while it is asked.
    """

    def __init__(self, seed: int | None = 0) -> None:
        self._seed = seed
        self._script = ReplyRules()
        self._observer = FrameObserver()
        self._questions: deque[Question] = deque(maxlen=REMEMBERED_QUESTIONS)
        self._tempo = Pacing()
        self._lock = threading.Lock()
        self.instead: Callable[[Question], Reply | None] | None = None
        """What goes before the script, where it replies at all: a provider that fails, whatever it was to say."""

    def reply(self, *replies: Scripted | Replier, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Reply to every question for which there is nothing more special.

        Several replies are given one after the other, and the last one again and again. After ``times`` questions the
        script falls back to what was set before, and in the end to the model's own description. What is set later goes
        first, and what is set with ``when`` goes before what is set without. Scripted text is sent as it is, whatever
        schema was asked for, but never with more tokens than were allowed.

        A reply that is not given as often as was set (``times``, else each reply once) fails the test at its end,
        unless it is ``optional``; see ``unused``.
        """
        return self.when().reply(*replies, times=times, optional=optional)

    def fail(self, message: str, *, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Fail on every question: the results are not ok, and carry ``message`` as their error."""
        return self.when().fail(message, times=times, optional=optional)

    def when(
        self,
        *,
        prompt: str | re.Pattern[str] | None = None,
        model: str | None = None,
        mode: Mode | None = None,
        version: Version | None = None,
        endpoint: Endpoint | None = None,
        stream_id: str | None = None,
        frames: FramesCondition | None = None,
        where: Where | None = None,
    ) -> ConditionalReplies:
        """Questions that meet all that is given.

        A part or pattern of the prompt, which in a chat is what the user said last; the model; the mode; the API
        version that was called; the endpoint (``stream`` for what a stream asks by itself, ``reinfer``, ``chat``); a
        stream that frames come from; the number of frames, or a function that takes them. ``where`` is a function that
        takes the Question and returns whether it is meant.
        """
        met = conditions(
            prompt=prompt,
            model=model,
            mode=mode,
            version=version,
            endpoint=endpoint,
            stream_id=stream_id,
            frames=frames,
            where=where,
        )
        return ConditionalReplies(self._script, met)

    def latency(self, seconds: float | None) -> None:
        """How long replies take to begin that do not say themselves, on the mock's clock; ``None`` for the default."""
        check_latency(seconds)
        self._tempo = replace(self._tempo, latency=seconds)

    def pace(self, tokens_per_second: float | None) -> None:
        """How fast the text of chats comes that do not say themselves, once it has begun; ``None`` for all at once."""
        check_pace(tokens_per_second)
        self._tempo = replace(self._tempo, tokens_per_second=tokens_per_second)

    def reset(self) -> None:
        """Forget all that was scripted and asked."""
        self._script.clear()
        self._tempo = Pacing()
        with self._lock:
            self._questions.clear()

    @property
    def unused(self) -> list[ReplyRule]:
        """Replies that were set and not given as often as was meant."""
        return self._script.unused()

    @property
    def unmatched(self) -> list[str]:
        """Questions for which no reply was set, although there were replies: each with the nearest, and why not."""
        return [explained for _, explained in self._script.unmatched()]

    @property
    def questions(self) -> list[Question]:
        """The questions so far, oldest first, at most the last 1000, without their pixels."""
        with self._lock:
            return list(self._questions)

    def answer_now(self, inference: Inference) -> Answer | None:
        """The answer to a stream's inference, if nothing on the way to it takes time; else ``None``.

        Pixels that nobody has looked at yet, JSON for a schema and reply functions of a test take time.
        """
        if inference.conversation is not None or inference.output_schema is not None:
            return None
        with self._script.lock:
            if self._script.has_functions or (views := self._views_of_known(inference)) is None:
                return None
            question = Question.of(inference, tuple(views))
            reply = self._reply_to(question)
        assert isinstance(reply, Reply), "no rule has a function"
        return answer_of(question, reply, said_at_once(question, reply), self._tempo)

    async def answer(self, inference: Inference) -> Answer:
        """Reply to an inference. What a scripted function raises comes through."""
        question = await self._question(inference)
        reply = await _made(self._reply_to(question), question)
        return answer_of(question, reply, await said_to(question, reply, self._seed), self._tempo)

    def _reply_to(self, question: Question) -> Reply | Replier:
        with self._lock:
            self._questions.append(question.without_pixels())
        return (self.instead and self.instead(question)) or self._script.take(question) or _UNSCRIPTED

    async def _question(self, inference: Inference) -> Question:
        views = self._views_of_known(inference)
        if views is None:
            views = await asyncio.to_thread(self._views, inference)
        return Question.of(inference, tuple(views))

    def _views_of_known(self, inference: Inference) -> list[FrameView] | None:
        """The frames, when all of them have been looked at before."""
        # Without rules nobody can look at the pixels again, so the views need not keep them.
        keep_pixels = self.instead is not None or not self._script.is_empty
        views: list[FrameView] = []
        for frame in inference.frames:
            seen = self._observer.known(frame.picture)
            if seen is None:
                return None
            views.append(FrameView(frame.index, frame.at, seen, frame.picture if keep_pixels else None))
        return views

    def _views(self, inference: Inference) -> list[FrameView]:
        return [FrameView(f.index, f.at, self._observer.observe(f.picture), f.picture) for f in inference.frames]


async def _made(scripted: Reply | Replier, question: Question) -> Reply:
    if isinstance(scripted, Reply):
        return scripted
    if inspect.iscoroutinefunction(scripted):
        return as_reply(await scripted(question))
    made = await asyncio.to_thread(scripted, question)
    return as_reply(await made if inspect.isawaitable(made) else made)
