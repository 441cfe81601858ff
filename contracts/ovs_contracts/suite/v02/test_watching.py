"""Several result sockets of one stream of v0.2, and reconnecting clients."""

from ovs_contracts.client.v02 import V02Client, frames_every
from ovs_contracts.runner.marks import documented, sends_video
from ovs_contracts.suite.v02.bodies import FPS, SIZE
from ovs_contracts.targets.target import FrameSource
from ovs_contracts.transport.exchange import hold
from ovs_contracts.transport.sockets import ResultSocketClient


def ids(socket: ResultSocketClient) -> list[str]:
    """Of all results until the socket is closed."""
    return [result["id"] for result in socket.receive_until_closed()]


@documented("v0.2 socket: each gets every result from its authentication on")
@sends_video(6)
def test_several_may_watch(v02: V02Client, frame_source: FrameSource) -> None:
    """Every socket gets every result after its key was sent, and no earlier one."""
    stream_id = v02.stream(frames_every(0.5))
    with v02.result_socket(stream_id) as early, v02.result_socket(stream_id) as beside:
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        with v02.result_socket(stream_id) as late:
            frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
            v02.delete(stream_id).expect(200)
            everything, same, part = ids(early), ids(beside), ids(late)
    assert part, "results came for who came late"
    assert len(part) < len(everything), "results came before"
    hold("who watched as long", expected=everything, seen=same)
    hold("who came late", expected=everything[-len(part) :], seen=part)


@documented("v0.2 socket: a client that reconnects goes on receiving; nothing is replayed")
@sends_video(9)
def test_reconnecting_clients(v02: V02Client, frame_source: FrameSource) -> None:
    """A client that reconnects gets later results only, none that it has received or missed."""
    stream_id = v02.stream(frames_every(0.5))
    with v02.result_socket(stream_id) as witness:
        with v02.result_socket(stream_id) as before:
            frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
            had = [result["id"] for result in before.receive_available()]
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        with v02.result_socket(stream_id) as after:
            frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
            v02.delete(stream_id).expect(200)
            everything, got = ids(witness), ids(after)
    assert had
    assert got
    hold("what came first", expected=everything[: len(had)], seen=had)
    hold("what came last", expected=everything[-len(got) :], seen=got)
    assert len(had) + len(got) < len(everything), "results were made meanwhile"


@documented("v0.2 socket: one result a message; cadence")
@sends_video(7)
def test_results_come_in_order(v02: V02Client, frame_source: FrameSource) -> None:
    """Results arrive in the order of their inferences."""
    stream_id = v02.stream(frames_every(1.0, prompt="0"))
    with v02.result_socket(stream_id) as results:
        # A prompt for each result: those that are swapped two by two have different ones somewhere.
        for number in range(7):
            v02.prompt(stream_id, str(number)).expect(200)
            frame_source.play(stream_id, 1, fps=FPS, size=SIZE)
        v02.delete(stream_id).expect(200)
        prompts = [result["prompt"] for result in results.receive_until_closed()]
    hold("prompts, which were numbered", expected=sorted(prompts), seen=prompts)
    assert len(set(prompts)) > 1


@documented("clients of v0.2: the first results may be made before anyone listens")
@sends_video(6)
def test_nobody_needs_to_watch(v02: V02Client, frame_source: FrameSource) -> None:
    """Inferences run without sockets, and a socket gets no earlier results."""
    stream_id = v02.stream(frames_every(0.5))
    frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
    made = v02.status(stream_id)["inferences_completed"]
    assert made >= 3, "inferences were made while nobody watched"
    with v02.result_socket(stream_id) as results:
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        in_all = v02.status(stream_id)["inferences_completed"]
        v02.delete(stream_id).expect(200)
        came = len(results.receive_until_closed())
    assert 0 < came <= in_all - made + 2, f"{in_all - made} were made while somebody watched, {came} came"


@documented("v0.2 socket: the first message is the key")
@sends_video(3)
def test_later_messages_are_ignored(v02: V02Client, frame_source: FrameSource) -> None:
    """Messages after the first one are ignored."""
    stream_id = v02.stream()
    with v02.result_socket(stream_id) as results:
        results.authenticate("ovs-somebody-else")
        results.send("hello")
        frame_source.play(stream_id, 3, fps=FPS, size=SIZE)
        hold("results go on", expected=stream_id, seen=results.receive()["stream_id"])
