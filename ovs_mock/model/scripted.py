"""The model that the mock asks."""

import asyncio
import inspect
import re
import threading
from collections import deque
from typing import Literal

from ovs_mock.engine.inference import Answer, Inference, Usage
from ovs_mock.engine.instants import micros
from ovs_mock.model.description import describe
from ovs_mock.model.observation import Observation, Observer
from ovs_mock.model.question import FrameView, Question
from ovs_mock.model.reply import Replier, Reply, Scripted, as_reply, as_scripted
from ovs_mock.model.script import Condition, Rule, Script, conditions
from ovs_mock.engine.tokens import picture_tokens, text_tokens, truncate

REMEMBERED_QUESTIONS = 1000


class When:
    """Questions that meet some conditions. Made by ``ScriptedModel.when``."""

    def __init__(self, script: Script, met: tuple[Condition, ...]) -> None:
        self._script = script
        self._conditions = met

    def reply(self, *replies: Scripted | Replier, times: int | None = None) -> Rule:
        """Reply to these questions; see ``ScriptedModel.reply``."""
        if not replies:
            raise TypeError("reply() needs at least one reply")
        if times is not None and times < 1:
            raise ValueError(f"times={times}: a reply is given once or more, or without end (None)")
        rule = Rule(self._conditions, tuple(as_scripted(reply) for reply in replies), times)
        self._script.add(rule)
        return rule

    def fail(self, message: str, *, times: int | None = None) -> Rule:
        """Fail on these questions: their results are not ok, and carry ``message`` as their error."""
        return self.reply(Reply(error=message), times=times)


class ScriptedModel:
    """Says what it sees in the frames, or what a test tells it to say.

    By itself it describes the frames (see ``describe``), or makes up JSON for a question with an output schema: valid,
    and the same for the same seed, schema, prompt and frame indices.

    May be scripted from any thread, before and while it is asked.
    """

    def __init__(self, seed: int | None = 0) -> None:
        self._seed = seed
        self._script = Script()
        self._observer = Observer()
        self._questions: deque[Question] = deque(maxlen=REMEMBERED_QUESTIONS)
        self._latency: float | None = None
        self._lock = threading.Lock()

    def reply(self, *replies: Scripted | Replier, times: int | None = None) -> Rule:
        """Reply to every question for which there is nothing more special.

        Several replies are given one after the other, and the last one again and again. After ``times`` questions the
        script falls back to what was set before, and in the end to the model's own description. What is set later goes
        first, and what is set with ``when`` goes before what is set without. Scripted text is sent as it is, whatever
        schema was asked for, but never with more tokens than were allowed.
        """
        return self.when().reply(*replies, times=times)

    def fail(self, message: str, *, times: int | None = None) -> Rule:
        """Fail on every question: the results are not ok, and carry ``message`` as their error."""
        return self.when().fail(message, times=times)

    def when(
        self,
        *,
        prompt: str | re.Pattern[str] | None = None,
        model: str | None = None,
        mode: Literal["clip", "frame"] | None = None,
        stream_id: str | None = None,
        where: Condition | None = None,
    ) -> When:
        """Questions that meet all that is given: a part or pattern of the prompt, the model, the mode, the stream.

        ``where`` is a function that takes the Question and returns whether it is meant.
        """
        return When(self._script, conditions(prompt=prompt, model=model, mode=mode, stream_id=stream_id, where=where))

    def latency(self, seconds: float | None) -> None:
        """How long replies take that do not say themselves, on the mock's clock; ``None`` for the mock's default."""
        if seconds is not None and seconds < 0:
            raise ValueError(f"latency({seconds}): replies cannot come before their question")
        self._latency = seconds

    def reset(self) -> None:
        """Forget all that was scripted and asked."""
        self._script.clear()
        self._latency = None
        with self._lock:
            self._questions.clear()

    @property
    def questions(self) -> list[Question]:
        """The questions so far, oldest first, at most the last 1000, without their pixels."""
        with self._lock:
            return list(self._questions)

    async def answer(self, inference: Inference) -> Answer:
        """Reply to an inference. What a scripted function raises comes through."""
        question = await self._question(inference)
        with self._lock:
            self._questions.append(question.without_pixels())
        scripted = self._script.take(question)
        reply = await _made(scripted, question) if scripted is not None else Reply()
        if reply.error is None and reply.content() is None:
            return self._finish(question, reply, await self._own_words(question))
        return self._finish(question, reply, reply)

    async def _question(self, inference: Inference) -> Question:
        pictures = [frame.picture for frame in inference.frames]
        seen: list[Observation | None] = [self._observer.known(picture) for picture in pictures]
        if None in seen:
            observed = await asyncio.to_thread(lambda: [self._observer.observe(picture) for picture in pictures])
        else:
            observed = [observation for observation in seen if observation is not None]
        views = tuple(FrameView.of(frame, what) for frame, what in zip(inference.frames, observed, strict=True))
        return Question.of(inference, views)

    async def _own_words(self, question: Question) -> Reply:
        description = describe(question.frames)
        if question.schema is None:
            return Reply(description)
        from ovs_mock.model.structured import structured_reply

        return await asyncio.to_thread(structured_reply, question, description, self._seed)

    def _finish(self, question: Question, asked_for: Reply, reply: Reply) -> Answer:
        """The answer of ``reply``, within the limits of the question and with the latency that was asked for."""
        latency = self._latency if asked_for.latency is None else asked_for.latency
        whole = reply.content() or ""
        limit = question.max_output_tokens
        text = whole if limit is None else truncate(whole, limit)
        reason = asked_for.finish_reason or ("stop" if text == whole else "length")
        return Answer(
            text=text,
            error=reply.error,
            finish_reason=reason if reply.error is None else asked_for.finish_reason,
            latency=None if latency is None else micros(latency),
            usage=Usage(prompt_tokens=_prompt_tokens(question), completion_tokens=text_tokens(text)),
        )


async def _made(scripted: Reply | Replier, question: Question) -> Reply:
    if isinstance(scripted, Reply):
        return scripted
    if inspect.iscoroutinefunction(scripted):
        return as_reply(await scripted(question))
    made = await asyncio.to_thread(scripted, question)
    return as_reply(await made if inspect.isawaitable(made) else made)


def _prompt_tokens(question: Question) -> int:
    return text_tokens(question.prompt) + sum(picture_tokens(frame.width, frame.height) for frame in question.frames)
