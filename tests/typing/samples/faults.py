"""What users write to let things go wrong. Checked, not run."""

from typing import assert_type

from ovs_mock import EndReason, Fault, Faults, Ovs


def test_when(ovs: Ovs) -> None:
    assert_type(ovs.faults, Faults)
    calls = ovs.faults.on("POST /v1/streams", version="v1", stream_id="s")
    fault = calls.status(503, "busy", retry_after=2)
    assert_type(fault.once().optional(), Fault)
    assert_type(fault.times(2), Fault)
    ovs.faults.every(3).on("/v1/*").reset().always()
    ovs.faults.rate(0.1, seed=7).between(5, 10.5).on("*").lose_answer()
    ovs.faults.on("DELETE", "/v1/streams/*").after(2).delay(1.5)
    used: int = fault.used
    expected: int = fault.expected
    assert used == expected
    fault.forget()


def test_calls(ovs: Ovs) -> None:
    on = ovs.faults.on("POST *completions")
    on.status(429, body={"error": "so"}, headers={"x-odd": "yes"})
    on.truncate()
    on.malform()
    on.skew(-30)


def test_sockets_and_streamed_chats(ovs: Ovs) -> None:
    socket = ovs.faults.on_socket("stream")
    socket.close(1011, "boom", after_messages=3)
    socket.drop()
    assert_type(socket.silence().times(2), Fault)
    for fault in (socket.malform(), socket.duplicate(), socket.reorder()):
        assert fault.id
    chat = ovs.faults.on_chat_stream("v1beta")
    chat.truncate(after_chunks=2, clean=True)
    chat.stall(None, after_chunks=0)
    chat.error("the GPU is gone")
    chat.malform()


def test_rooms(ovs: Ovs) -> None:
    room = ovs.faults.on_room("stream")
    room.refuse()
    room.no_answer(handshake=True)
    room.leave("resume")
    room.freeze().between(1, 2)
    room.drop()


def test_leases_credits_and_models(ovs: Ovs) -> None:
    ovs.faults.at(5).on_lease("stream").lose(EndReason.LEASE_EXPIRED)
    ovs.faults.on_lease().lose("insufficient_credits")
    ovs.faults.at(30).on_credits(ovs.api_key).run_out()
    model = ovs.faults.on_model("Qwen/Qwen3.5-9B")
    for fault in (model.saturated(), model.unavailable(), model.loading(), model.degraded(), model.ready()):
        assert_type(fault, Fault)
    model.upstream(529, {"error": "busy"})
    model.timeout()
    model.block()
    model.fail("no GPU is free")


def test_all_of_them(ovs: Ovs) -> None:
    assert_type(ovs.faults.unused, list[Fault])
    assert [str(fault) for fault in ovs.faults] == []
    assert len(ovs.faults) == 0
    ovs.faults.clear()
