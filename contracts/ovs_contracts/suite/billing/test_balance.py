"""The balance of an account, and what completions take from it."""

from typing import Any
from uuid import UUID

from ovs_contracts.client import errors
from ovs_contracts.client.billing import CENT, BillingClient, cost_of
from ovs_contracts.client.chat import MODEL, ChatClient, frame_of, text
from ovs_contracts.client.completion_chunks import CompletionChunks
from ovs_contracts.client.video import stream_with_video
from ovs_contracts.runner.marks import costs, documented, mock_only, needs, passes_time, sends_video
from ovs_contracts.targets.capabilities import Capability
from ovs_contracts.targets.controls import Controls
from ovs_contracts.targets.target import FrameSource, TargetTime
from ovs_contracts.transport.exchange import hold
from ovs_contracts.transport.realtime import unix_seconds

IMAGE_AND_TEXT = "gpt-5.4-nano"


@documented("GET /billing/accounts/me/balance: {user_id uuid, balance_microcents, balance_cents}")
def test_the_form_of_a_balance(billing: BillingClient) -> None:
    """A balance has the user's UUID, and the amount both in microcents and in cents."""
    answer = billing.balance().expect(200)
    seen = answer.json
    hold("keys", expected={"user_id", "balance_microcents", "balance_cents"}, seen=set(seen), exchange=answer)
    hold("user_id", expected=str(UUID(seen["user_id"])), seen=seen["user_id"], exchange=answer)
    hold("microcents are whole", expected="int", seen=type(seen["balance_microcents"]).__name__, exchange=answer)
    difference = abs(seen["balance_cents"] * CENT - seen["balance_microcents"])
    assert difference < CENT, f"{seen['balance_cents']} cents and {seen['balance_microcents']} microcents"


@documented("GET /billing/accounts/me/balance: key")
def test_a_balance_needs_a_key(billing: BillingClient) -> None:
    """Without an API key or with an unknown one the response is 401 with a detail."""
    for key in (None, "sk-nobody-knows-this-key"):
        errors.plain(billing.balance(key=key), 401)


@documented("a user is always the same")
def test_the_user_stays_the_same(billing: BillingClient) -> None:
    """Two requests return the same user and the same balance: reading a balance is free."""
    hold("the balance", expected=billing.balance().expect(200).json, seen=billing.balance().expect(200).json)


@documented("users have ids and balances of their own")
@needs(Capability.SECOND_KEY)
def test_users_have_different_ids(billing: BillingClient, other_key: str) -> None:
    """Different users have different ids."""
    mine, other = (billing.balance(key=key).expect(200).json["user_id"] for key in (billing.key, other_key))
    assert mine != other


@documented("completions debit the balance by token prices")
@costs(0.1)
def test_a_completion_is_paid(billing: BillingClient, chat: ChatClient) -> None:
    """A completion reduces the balance by exactly its tokens times their prices."""
    price = billing.price(MODEL).expect(200).json
    before = billing.balance_microcents()
    answer = chat.ask(text("Say hello to everybody in this room."))
    hold("what it took", expected=cost_of(answer, price), seen=before - billing.balance_microcents(), exchange=answer)


@documented("completions debit the balance by the prices of their model")
@costs(0.2)
def test_each_model_has_its_price(billing: BillingClient, v1beta: ChatClient) -> None:
    """A completion of another provider's model is charged at that model's price."""
    price = billing.price(IMAGE_AND_TEXT).expect(200).json
    before = billing.balance_microcents()
    answer = v1beta.ask(model=IMAGE_AND_TEXT, fields={"max_completion_tokens": 20})
    hold("what it took", expected=cost_of(answer, price), seen=before - billing.balance_microcents(), exchange=answer)


@documented("prompt_tokens counts text plus visual tokens, and all of them are paid")
@sends_video(5)
@costs(0.2)
def test_frames_are_charged(billing: BillingClient, v1beta: ChatClient, frame_source: FrameSource) -> None:
    """A completion about a frame is charged by its tokens, including visual ones; the stream itself is free."""
    price = billing.price(MODEL).expect(200).json
    before = billing.balance_microcents()
    video = stream_with_video(v1beta, frame_source)
    hold("what the stream took", expected=0, seen=before - billing.balance_microcents())
    answer = v1beta.ask(frame_of(video.id), fields={"n": 2})
    hold("what it took", expected=cost_of(answer, price), seen=before - billing.balance_microcents(), exchange=answer)


@documented("streamed completions are completions")
@costs(0.1)
def test_a_streamed_completion_is_paid(billing: BillingClient, chat: ChatClient) -> None:
    """A streamed completion is charged by its usage."""
    price = billing.price(MODEL).expect(200).json
    before = billing.balance_microcents()
    answer = chat.ask(fields={"stream": True, "stream_options": {"include_usage": True}})
    usage = CompletionChunks(answer).all[-1]["usage"]
    cost = usage["prompt_tokens"] * price["input_microcents_per_token"]
    cost += usage["completion_tokens"] * price["output_microcents_per_token"]
    hold("what it took", expected=cost, seen=before - billing.balance_microcents(), exchange=answer)


@documented("cached tokens at the cached price")
@costs(0.4)
def test_cached_tokens_are_cheaper(billing: BillingClient, v1beta: ChatClient) -> None:
    """Tokens that a thread has cached are charged at the price of cached tokens."""
    price = billing.price(MODEL).expect(200).json
    words = " ".join(f"Thing {number} is number {number * number}." for number in range(150))
    fields: dict[str, Any] = {"thread_id": f"contract-{unix_seconds():.6f}", "max_completion_tokens": 8}
    first = v1beta.ask(text(words), fields=fields).expect(200)
    before = billing.balance_microcents()
    second = v1beta.ask(text(words), fields=fields).expect(200)
    assert second.json["overshoot"]["cache"]["cached_input_tokens"] > 0, "something is cached"
    hold("what it took", expected=cost_of(second, price), seen=before - billing.balance_microcents(), exchange=second)
    assert cost_of(second, price) < cost_of(first, price) or second.json["usage"] != first.json["usage"]


@documented("a stream's time costs nothing in v1 and v1beta: completions do")
@passes_time(20)
def test_streams_are_free(billing: BillingClient, chat: ChatClient, clock: TargetTime) -> None:
    """Twenty seconds of a stream, a keepalive and its deletion do not change the balance."""
    before = billing.balance_microcents()
    stream_id = chat.stream()
    clock.let_pass(20)
    chat.keepalive(stream_id).expect(200)
    chat.delete(stream_id).expect(200)
    hold("what it took", expected=0, seen=before - billing.balance_microcents())


@documented("two keys of a user have one balance")
@needs(Capability.CONTROL)
def test_keys_of_one_user_share_a_balance(billing: BillingClient, v1beta: ChatClient, controls: Controls) -> None:
    """Two keys of one user have the same balance, and completions with either key reduce it."""
    second = billing.key + "-of-the-same-user"
    mine = billing.balance().expect(200).json
    controls.open_account(second, same_user_as=billing.key)
    hold("the balance", expected=mine, seen=billing.balance(key=second).expect(200).json)
    v1beta.ask(key=second).expect(200)
    assert billing.balance_microcents() < mine["balance_microcents"]


@mock_only("no document says how cents are rounded, nor what a new user has")
def test_cents_are_rounded_down(billing: BillingClient, v1beta: ChatClient, controls: Controls) -> None:
    """A balance of less than seven cents is shown as six cents."""
    controls.open_account(billing.key, credits_cents=7)
    v1beta.ask().expect(200)
    seen = billing.balance().expect(200).json
    assert 6 * CENT < seen["balance_microcents"] < 7 * CENT
    hold("cents", expected=6, seen=seen["balance_cents"])
