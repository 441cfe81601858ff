"""The result socket of v0.2: the key first, then results, then one close with the right words."""

import json
from typing import Any

import aiohttp
import pytest
from ovs_support.v02 import MODEL, Caller, push_frame, results, settled

from ovs_mock import BackgroundMock, Ovs, Settings

NOT_AUTHENTICATED = 1008
ENDED = 1001


async def test_results_have_every_field(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    ovs.model.reply("a cat")
    async with results(ovs, stream_id) as socket:
        settled(ovs)
        push_frame(ovs, stream_id)
        result = await socket.next()
        assert result.pop("id").startswith("res_")
        assert result.pop("inference_latency_ms") >= 0
        assert result.pop("total_latency_ms") >= 0
        assert result == {
            "stream_id": stream_id,
            "mode": "frame",
            "model_backend": "overshoot",
            "model_name": MODEL,
            "prompt": "What is there?",
            "result": "a cat",
            "ok": True,
            "error": None,
            "finish_reason": "stop",
        }


async def test_every_socket_gets_every_result_from_its_key_on(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    push_frame(ovs, stream_id)
    async with results(ovs, stream_id) as early:
        ovs.wait_for_watchers(stream_id)
        ovs.advance(1)
        async with results(ovs, stream_id) as late:
            ovs.wait_for_watchers(stream_id, 2)
            ovs.advance(1)
            first, second = await early.next(), await early.next()
            assert (await late.next())["id"] == second["id"] != first["id"]


async def test_what_was_missed_is_not_replayed_to_one_who_returns(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    push_frame(ovs, stream_id)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.advance(1)
        seen = await socket.next()
    ovs.advance(2)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.advance(1)
        fresh = await socket.next()
        assert fresh["id"] != seen["id"]
        assert ovs.stream(stream_id).inferences_completed == 5


@pytest.mark.parametrize(
    "first",
    [
        "not json",
        '"a string"',
        "{}",
        '{"api_key": null}',
        '{"api_key": ""}',
        '{"api_key": 7}',
        '{"key": "ovs-x"}',
        b'{"api_key": "ovs-x"}',
        '{"api_key": "sk-other"}',
        '{"api_key": "ovs-mallory"}',
        "[" * 50_000,
    ],
)
async def test_a_first_message_without_the_owners_key_is_1008(ovs: Ovs, call: Caller, first: Any) -> None:
    async with results(ovs, call.stream(), first=first) as socket:
        code, reason = await socket.closed()
        assert code == NOT_AUTHENTICATED
        assert reason.startswith("authentication failed: ")


async def test_an_unknown_stream_is_1008_and_looks_like_another_users(ovs: Ovs, call: Caller) -> None:
    async with results(ovs, "nothing") as nobodys, results(ovs, call.stream(), key="ovs-mallory") as anothers:
        assert await nobodys.closed() == await anothers.closed()


async def test_silence_is_1008_after_ten_seconds(ovs: Ovs, call: Caller) -> None:
    url = f"{ovs.v02.replace('http', 'ws', 1)}/ws/streams/{call.stream()}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        ovs.advance(9)
        ovs.advance(1.5)
        message = await ws.receive(timeout=5)
        assert (message.data, message.extra) == (1008, "authentication failed: no API key came in time")


async def test_an_expired_lease_closes_1001_after_the_results_before_it(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream(processing={"interval_seconds": 10})
    push_frame(ovs, stream_id)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        # Without new frames a pushed stream would fall idle after five seconds, as it should.
        for _ in range(5):
            ovs.advance(4.5)
            push_frame(ovs, stream_id)
        ovs.advance(46)
        seen, close = await socket.rest()
        assert len(seen) >= 2
        assert close == (ENDED, "stream ended: lease_expired")


@pytest.mark.parametrize("waits", [True, False])
async def test_a_deleted_stream_closes_its_sockets(ovs: Ovs, call: Caller, waits: bool) -> None:  # noqa: FBT001
    stream_id = call.stream()
    if not waits:
        call("DELETE", f"/streams/{stream_id}")
    async with results(ovs, stream_id) as socket:
        if waits:
            ovs.wait_for_watchers(stream_id)
            call("DELETE", f"/streams/{stream_id}")
        assert await socket.closed() == (ENDED, "stream ended: client_requested")


async def test_after_the_tombstone_the_stream_is_unknown(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    ovs.advance(46)
    ovs.advance(61)
    async with results(ovs, stream_id) as socket:
        assert await socket.closed() == (NOT_AUTHENTICATED, "authentication failed: stream not found")


async def test_the_close_reason_names_insufficient_credits(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        ovs.set_credits(0)
        ovs.advance(20)
        call("POST", f"/streams/{stream_id}/keepalive")
        ovs.advance(30)
        assert await socket.closed() == (ENDED, "stream ended: insufficient_credits")


async def test_a_prompt_that_changes_shows_in_the_next_result(ovs: Ovs, call: Caller) -> None:
    stream_id = call.stream()
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        push_frame(ovs, stream_id)
        assert (await socket.next())["prompt"] == "What is there?"
        call("PATCH", f"/streams/{stream_id}/config/prompt", {"prompt": "And now?"})
        ovs.advance(1)
        assert (await socket.next())["prompt"] == "And now?"


async def test_a_failed_inference_has_an_error_and_no_result(ovs: Ovs, call: Caller) -> None:
    ovs.model.fail("no GPU is free")
    stream_id = call.stream()
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        push_frame(ovs, stream_id)
        result = await socket.next()
        assert (result["ok"], result["result"], result["error"]) == (False, "", "no GPU is free")


async def test_structured_output_is_a_string_of_json(ovs: Ovs, call: Caller) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"]}
    stream_id = call.stream(output_schema_json=schema)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        push_frame(ovs, stream_id)
        assert json.loads((await socket.next())["result"])["n"] >= 3


async def test_a_slow_reader_does_not_block_others(ovs: Ovs, call: Caller) -> None:
    ovs.model.reply("x" * 100_000)
    stream_id = call.stream(processing={"interval_seconds": 1}, max_output_tokens=128)
    async with results(ovs, stream_id) as socket:
        ovs.wait_for_watchers(stream_id)
        for _ in range(40):
            push_frame(ovs, stream_id)
            ovs.advance(1)
        seen = [await socket.next() for _ in range(40)]
        assert {len(r["result"]) for r in seen} == {512}
        assert {r["finish_reason"] for r in seen} == {"length"}


async def test_a_server_that_stops_closes_its_sockets() -> None:
    with BackgroundMock(Settings(seed=1)) as mock:
        with Caller(mock) as call:
            stream_id = call.stream()
        async with results(mock, stream_id) as socket:
            mock.wait_for_watchers(stream_id)
            mock.stop()
            code, _ = await socket.closed()
            assert code == 1001


def test_the_socket_path_without_an_upgrade_is_an_error_with_words(call: Caller) -> None:
    assert call("GET", "/ws/streams/x").status_code == 400
