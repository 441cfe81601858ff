"""Chats: questions about any frames of any streams, answered token by token."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from ovs_mock.engine.accounts import Account
from ovs_mock.engine.commands import AskChat, CancelChat
from ovs_mock.engine.conversation import Conversation, Link, Message, ResolvedFrames
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.engine.events import CacheUse, ChatCancelled, ChatFailed, ChatFinished, ChatStarted, ChatToken, Event
from ovs_mock.engine.inference import Answer, Inference, Purpose, Result, Usage
from ovs_mock.engine.inference_queue import InferenceQueue
from ovs_mock.engine.instants import SECOND
from ovs_mock.engine.models import ModelEntry
from ovs_mock.engine.reference_resolver import ReferenceResolver
from ovs_mock.engine.service import Service
from ovs_mock.engine.state import Deadline, EngineState
from ovs_mock.engine.threads import Threads
from ovs_mock.engine.tokens import picture_tokens, split_tokens, text_tokens


@dataclass(slots=True)
class Choice:
    """One of the ``n`` replies, and the tokens that are still to be sent."""

    answer: Answer
    remaining: deque[str]
    started_at: int
    sent: int = 0

    def next_token_at(self) -> int:
        """When the next token is there."""
        pace = self.answer.tokens_per_second
        return self.started_at + (int(self.sent * SECOND / pace) if pace else 0)


@dataclass(slots=True)
class ActiveChat:
    """A chat whose answer is not complete yet."""

    id: str
    model: ModelEntry
    account: Account
    prompt_tokens: int
    cache: CacheUse
    count: int
    choices: dict[int, Choice] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        return len(self.choices) == self.count and not any(choice.remaining for choice in self.choices.values())


class Chats:
    def __init__(self, state: EngineState, inferences: InferenceQueue) -> None:
        self._state = state
        self._inferences = inferences
        self._threads = Threads()
        self._active: dict[str, ActiveChat] = {}
        inferences.on_result(Purpose.CHAT, self._on_answer)

    def ask(self, command: AskChat, now: int) -> Iterator[Event]:
        state = self._state
        account = state.accounts.authenticate(command.key)
        state.require_open()
        allowance = state.rate.consume(account.user_id, now) if command.rate_limited else None
        model = state.models.require_reachable(command.model, Service.CHAT)
        resolver = ReferenceResolver(state, account, command.evicted, command.region, now)
        messages = tuple(resolver.resolve(message) for message in command.messages)
        _require_video_model(model, messages)
        if account.balance <= 0:
            raise CommandRejectedError(ErrorCode.INSUFFICIENT_CREDITS, "The account has no credits left.")
        tokens = [_tokens(message, model) for message in messages]
        cache = self._threads.use(account.user_id, command.thread_id, command.messages, tokens)
        id_ = state.ids.tagged("chatcmpl")
        self._active[id_] = ActiveChat(id_, model, account, sum(tokens), cache, command.choices)
        yield ChatStarted(now, id_, model.id, command.choices, cache, allowance, resolver.region)
        for number in range(command.choices):
            yield self._inferences.ask(_inference(f"{id_}/{number}", command, messages, number, now), now)

    def cancel(self, command: CancelChat, now: int) -> Iterator[Event]:
        """Charge the tokens sent so far, and send no more."""
        exchange = self._active.pop(command.exchange_id, None)
        if exchange is None:
            return
        sent = sum(choice.sent for choice in exchange.choices.values())
        for number in exchange.choices:
            self._state.schedule.cancel((Deadline.CHAT_TOKEN, f"{exchange.id}/{number}"))
        usage = Usage(prompt_tokens=exchange.prompt_tokens, completion_tokens=sent)
        yield ChatCancelled(now, exchange.id, usage, self._charge(exchange, sent))

    def token_due(self, key: str, now: int) -> Iterator[Event]:
        """Send the next token of a choice, and all others that are due by now."""
        id_, _, number = key.rpartition("/")
        yield from self._send_due_tokens(self._active[id_], int(number), now)

    def _on_answer(self, result: Result, now: int) -> Iterator[Event]:
        id_, _, number = result.inference.id.rpartition("/")
        exchange = self._active.get(id_)
        if exchange is None:
            return
        if not result.answer.ok:
            self._drop(exchange)
            yield ChatFailed(now, id_, exchange.model.id, result.answer)
            return
        exchange.choices[int(number)] = Choice(result.answer, deque(split_tokens(result.answer.text)), now)
        yield from self._send_due_tokens(exchange, int(number), now)

    def _send_due_tokens(self, exchange: ActiveChat, number: int, now: int) -> Iterator[Event]:
        choice = exchange.choices[number]
        while choice.remaining and choice.next_token_at() <= now:
            choice.sent += 1
            yield ChatToken(now, exchange.id, number, choice.remaining.popleft())
        if choice.remaining:
            self._state.schedule.set((Deadline.CHAT_TOKEN, f"{exchange.id}/{number}"), choice.next_token_at())
        elif exchange.finished:
            yield self._finish(exchange, now)

    def _finish(self, exchange: ActiveChat, now: int) -> Event:
        del self._active[exchange.id]
        answers = tuple(exchange.choices[number].answer for number in range(exchange.count))
        completion = sum(_completion_tokens(answer) for answer in answers)
        cost = self._charge(exchange, completion)
        usage = Usage(prompt_tokens=exchange.prompt_tokens, completion_tokens=completion)
        return ChatFinished(now, exchange.id, answers, usage, exchange.cache, cost)

    def _drop(self, exchange: ActiveChat) -> None:
        del self._active[exchange.id]
        for number in exchange.choices:
            self._state.schedule.cancel((Deadline.CHAT_TOKEN, f"{exchange.id}/{number}"))

    def _charge(self, exchange: ActiveChat, completion: int) -> int:
        """Debit the price of a chat, and return it in microcents."""
        price = self._state.prices.for_model(exchange.model.id)
        if price is None:
            return 0
        cost = price.cost(prompt=exchange.prompt_tokens, cached=exchange.cache.cached_tokens, completion=completion)
        exchange.account.debit(cost)
        return cost


def _inference(id_: str, command: AskChat, messages: tuple[Message, ...], number: int, now: int) -> Inference:
    conversation = Conversation(
        messages=messages,
        output=command.output,
        tools=command.tools,
        tool_choice=command.tool_choice,
        parallel_tool_calls=command.parallel_tool_calls,
        choice=number,
        api_version=command.api_version,
    )
    return Inference(
        id=id_,
        purpose=Purpose.CHAT,
        stream_id=None,
        mode="chat",
        model=command.model,
        backend="overshoot",
        prompt=conversation.last_user_text,
        frames=conversation.frames,
        due_at=now,
        output_schema=command.output.schema if command.output else None,
        max_output_tokens=command.max_output_tokens,
        temperature=command.temperature,
        conversation=conversation,
    )


def _require_video_model(model: ModelEntry, messages: tuple[Message, ...]) -> None:
    parts = [part for message in messages for part in message.parts]
    if not model.video and any(isinstance(part, ResolvedFrames | Link) and part.kind == "video" for part in parts):
        raise CommandRejectedError(ErrorCode.NO_VIDEO_MODEL, f"Model {model.id!r} takes images, but no video.")


def _tokens(message: Message, model: ModelEntry) -> int:
    """Tokens of a message: its text, its tool calls, and its pictures by the model's rule."""
    text = text_tokens(message.text) + sum(text_tokens(call.arguments) for call in message.tool_calls)
    sizes = [(frame.picture.width, frame.picture.height) for frame in message.frames]
    return text + sum(picture_tokens(width, height, model.visual) for width, height in sizes)


def _completion_tokens(answer: Answer) -> int:
    return text_tokens(answer.text) + sum(text_tokens(call.arguments) for call in answer.tool_calls)
