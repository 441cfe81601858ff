"""The mock's model, whose replies a test may script."""

import asyncio
import inspect
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from ovs_mock.engine.inference import Answer, Inference, Mode
from ovs_mock.model.callback import ReplyCallback, ReplyValue, as_reply, as_reply_or_callback
from ovs_mock.model.conditions import Condition, FramesCondition, QuestionPredicate, conditions
from ovs_mock.model.default_replies import respond, respond_now
from ovs_mock.model.frame_view import FrameView
from ovs_mock.model.observation import FrameObserver
from ovs_mock.model.question import Endpoint, Question, Version
from ovs_mock.model.reply import Reply, check_latency, check_pace
from ovs_mock.model.response import Pacing, build_answer
from ovs_mock.model.script import ReplyRule, ReplyRules

MAX_QUESTIONS = 1000
_DEFAULT_REPLY = Reply()


class ConditionalReplies:
    """Sets replies for the questions that meet some conditions. ``ScriptedModel.when`` returns one."""

    def __init__(self, rules: ReplyRules, conditions_: tuple[Condition, ...]) -> None:
        self._rules = rules
        self._conditions = conditions_

    def reply(
        self, *replies: ReplyValue | ReplyCallback, times: int | None = None, optional: bool = False
    ) -> ReplyRule:
        """Reply to the questions that meet the conditions.

        Args:
            replies: Sent one after the other; the last one repeats. Each is a text, a dict or a list to send as JSON,
                a Reply, or a function that takes the Question and returns one of these.
            times: Maximum number of questions to answer. ``None``, the default, for no maximum.
            optional: Whether the test may end without having used the replies as often as expected. Defaults to
                False.

        Returns:
            The rule, whose ``used`` counts the questions that it has answered.

        Raises:
            TypeError: There is no reply, or something that cannot be one.
            ValueError: A reply cannot be sent, or ``times`` is less than 1.
        """
        if not replies:
            raise TypeError("reply() needs at least one reply")
        if times is not None and times < 1:
            raise ValueError(f"times={times}: a reply is given once or more, or without end (None)")
        rule = ReplyRule(self._conditions, tuple(as_reply_or_callback(reply) for reply in replies), times, optional)
        self._rules.add(rule)
        return rule

    def fail(self, message: str, *, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Fail on the questions that meet the conditions: results are not ok, and chats fail.

        Args:
            message: The error message.
            times: As for ``reply``.
            optional: As for ``reply``.

        Returns:
            The rule, as ``reply`` does.
        """
        return self.reply(Reply(error=message), times=times, optional=optional)


class ScriptedModel:
    """The mock's vision model: it describes the frames, unless a test scripts its replies.

    By default it describes the frames (see ``describe``, and ``describe_chat`` for chats). For a question with a JSON
    Schema it generates valid JSON: the same for the same seed, schema, prompt, frame indices and choice. In a chat it
    calls the tools that it has to call, and those that the user names (see ``tools_to_call``).

    May be scripted from any thread, before and while it answers.
    """

    def __init__(self, seed: int | None = 0) -> None:
        self._seed = seed
        self._rules = ReplyRules()
        self._observer = FrameObserver()
        self._questions: deque[Question] = deque(maxlen=MAX_QUESTIONS)
        self._pacing = Pacing()
        self._lock = threading.Lock()
        self.override: Callable[[Question], Reply | None] | None = None
        """Called before the rules: the reply that it returns, if any, replaces the scripted one. Faults use it."""

    def reply(
        self, *replies: ReplyValue | ReplyCallback, times: int | None = None, optional: bool = False
    ) -> ReplyRule:
        """Reply to every question that no other rule matches first.

        Rules with conditions, set by ``when``, precede those without; then newer rules precede older ones. After
        ``times`` questions the rules before apply again, and in the end the model's default reply. Scripted text is
        sent as it is, whatever schema the question has, but truncated to the question's maximum of tokens.

        A rule that is not used as often as expected (``times``, else once for each reply) fails the test at its end,
        unless it is ``optional``; see ``unused``.

        Args:
            replies: Sent one after the other; the last one repeats. Each is a text, a dict or a list to send as JSON,
                a Reply, or a function that takes the Question and returns one of these.
            times: Maximum number of questions to answer. ``None``, the default, for no maximum.
            optional: Whether the test may end without having used the replies as often as expected. Defaults to
                False.

        Returns:
            The rule, whose ``used`` counts the questions that it has answered.

        Raises:
            TypeError: There is no reply, or something that cannot be one.
            ValueError: A reply cannot be sent, or ``times`` is less than 1.
        """
        return self.when().reply(*replies, times=times, optional=optional)

    def fail(self, message: str, *, times: int | None = None, optional: bool = False) -> ReplyRule:
        """Fail on every question: results are not ok, and chats fail.

        Args:
            message: The error message.
            times: As for ``reply``.
            optional: As for ``reply``.

        Returns:
            The rule, as ``reply`` does.
        """
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
        where: QuestionPredicate | None = None,
    ) -> ConditionalReplies:
        """Select the questions that meet all given conditions; ``None``, the default of each, matches all.

        Args:
            prompt: A part of the prompt, or a pattern that is found in it. In a chat the prompt is the text of the
                last message of the user.
            model: The model's name.
            mode: ``"frame"``, ``"clip"`` or ``"chat"``.
            version: The API version that was called.
            endpoint: ``"stream"`` for a stream's own inferences, ``"reinfer"`` or ``"chat"``.
            stream_id: A stream that frames come from.
            frames: The number of frames, or a function that takes the frames and returns whether they match.
            where: A function that takes the Question and returns whether it matches.

        Returns:
            An object whose ``reply`` and ``fail`` set the replies.

        Raises:
            TypeError: A condition has the wrong type.
            ValueError: No question can meet a condition.
        """
        given = conditions(
            prompt=prompt,
            model=model,
            mode=mode,
            version=version,
            endpoint=endpoint,
            stream_id=stream_id,
            frames=frames,
            where=where,
        )
        return ConditionalReplies(self._rules, given)

    def latency(self, seconds: float | None) -> None:
        """Set the latency of replies that have none of their own.

        Args:
            seconds: Seconds of the mock's clock until a reply comes, or begins to; ``None`` for the settings' latency.

        Raises:
            ValueError: The latency is negative.
        """
        check_latency(seconds)
        self._pacing = replace(self._pacing, latency=seconds)

    def pace(self, tokens_per_second: float | None) -> None:
        """Set how fast the text of chats comes once it has begun, for replies that have no pace of their own.

        Args:
            tokens_per_second: Tokens per second of the mock's clock; ``None`` for all at once.

        Raises:
            ValueError: The pace is not above 0.
        """
        check_pace(tokens_per_second)
        self._pacing = replace(self._pacing, tokens_per_second=tokens_per_second)

    def reset(self) -> None:
        """Remove all scripted replies, the latency, the pace and the questions."""
        self._rules.clear()
        self._pacing = Pacing()
        with self._lock:
            self._questions.clear()

    @property
    def unused(self) -> list[ReplyRule]:
        """Rules that were used less often than expected, oldest first."""
        return self._rules.unused()

    @property
    def unmatched(self) -> list[str]:
        """Questions that no rule matched although there were rules: each with the nearest rules, and why not."""
        return [explanation for _, explanation in self._rules.unmatched()]

    @property
    def questions(self) -> list[Question]:
        """The last 1000 questions, oldest first, without their pixels."""
        with self._lock:
            return list(self._questions)

    def answer_now(self, inference: Inference) -> Answer | None:
        """The answer to a stream's inference, if nothing that it needs takes time; else ``None``.

        Pixels that are not observed yet, JSON for a schema and scripted functions take time.
        """
        if inference.conversation is not None or inference.output_schema is not None:
            return None
        with self._rules.lock:
            if self._rules.has_callbacks or (views := self._known_views(inference)) is None:
                return None
            question = Question.from_inference(inference, tuple(views))
            reply = self._next_reply(question)
        assert isinstance(reply, Reply), "no rule has a function"
        return build_answer(question, reply, respond_now(question, reply), self._pacing)

    async def answer(self, inference: Inference) -> Answer:
        """Reply to an inference. Raises what a scripted function raises."""
        question = await self._question(inference)
        reply = await _call_back(self._next_reply(question), question)
        return build_answer(question, reply, await respond(question, reply, self._seed), self._pacing)

    def _next_reply(self, question: Question) -> Reply | ReplyCallback:
        with self._lock:
            self._questions.append(question.without_pixels())
        return (self.override and self.override(question)) or self._rules.consume(question) or _DEFAULT_REPLY

    async def _question(self, inference: Inference) -> Question:
        views = self._known_views(inference)
        if views is None:
            views = await asyncio.to_thread(self._views, inference)
        return Question.from_inference(inference, tuple(views))

    def _known_views(self, inference: Inference) -> list[FrameView] | None:
        """The frames, when all of them have been observed before."""
        # Without rules nobody can read the pixels, so the views need not keep them.
        keep_pixels = self.override is not None or not self._rules.is_empty
        views: list[FrameView] = []
        for frame in inference.frames:
            known = self._observer.known(frame.picture)
            if known is None:
                return None
            views.append(FrameView(frame.index, frame.at, known, frame.picture if keep_pixels else None))
        return views

    def _views(self, inference: Inference) -> list[FrameView]:
        return [FrameView(f.index, f.at, self._observer.observe(f.picture), f.picture) for f in inference.frames]


async def _call_back(scripted: Reply | ReplyCallback, question: Question) -> Reply:
    if isinstance(scripted, Reply):
        return scripted
    if inspect.iscoroutinefunction(scripted):
        return as_reply(await scripted(question))
    value = await asyncio.to_thread(scripted, question)
    return as_reply(await value if inspect.isawaitable(value) else value)
