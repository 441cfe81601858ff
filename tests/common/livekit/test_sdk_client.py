"""LiveKit's SDK runs in a process of its own: whatever happens to it, the test process goes on and ends as usual."""

import os
import select
import signal
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from ovs_support.v02 import Caller

from ovs_common.livekit import client
from ovs_common.livekit.client import SdkClient
from ovs_mock import BackgroundPublisher, Ovs, PublishError
from ovs_mock.ingest.livekit import session
from ovs_mock.video.patterns import solid


def publisher_for(created: dict[str, Any]) -> BackgroundPublisher:
    return BackgroundPublisher(created["livekit"]["url"], created["livekit"]["token"])


def has_ended(pid: int) -> bool:
    """Whether a process ends within some seconds, or is not there any more."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 10)[0])
    finally:
        os.close(process)


def test_publishers_share_a_process(ovs: Ovs, call: Caller) -> None:
    pids = set()
    for _ in range(2):
        created = call.create()
        with publisher_for(created) as publisher:
            publisher.publish_generated()
            ovs.wait_for_frames(created["stream_id"])
            pids.add(SdkClient.running().pid)
    assert len(pids) == 1
    assert os.getpid() not in pids


def test_an_sdk_that_is_killed_is_noticed_and_the_next_publisher_has_a_new_one(ovs: Ovs, call: Caller) -> None:
    created = call.create()
    first = SdkClient.running()
    with publisher_for(created) as publisher:
        publisher.publish(640, 480)
        os.kill(first.pid, signal.SIGKILL)
        assert publisher.wait_disconnected(timeout=10) == "CLIENT_ENDED"
        with pytest.raises(PublishError, match="in a process of its own, ended with status -9"):
            publisher.send(solid("red"))
    with publisher_for(created) as publisher:
        publisher.publish_generated()
        ovs.wait_for_frames(created["stream_id"])
        assert SdkClient.running().pid != first.pid


def test_an_sdk_that_aborts_ends_no_other_process(ovs: Ovs, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PING_INTERVAL", 0)

    def publish() -> None:
        with publisher_for(call.create()) as publisher:
            publisher.wait_disconnected(timeout=10)
            publisher.publish(640, 480)

    with pytest.raises(PublishError, match=r"ended with status -6: (.|\n)*panicked"):
        publish()


def test_an_sdk_that_hangs_is_given_up(ovs: Ovs, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT", 0.3)

    def send_on(publisher: BackgroundPublisher) -> None:
        while True:
            publisher.send(solid("red"))

    with publisher_for(call.create()) as publisher:
        publisher.publish(640, 480)
        os.kill(SdkClient.running().pid, signal.SIGSTOP)
        with pytest.raises(PublishError, match="ended with status -9"):
            send_on(publisher)
        assert publisher.wait_disconnected(timeout=10) == "CLIENT_ENDED"


PUBLISHES = """
    import os, signal, sys, httpx
    from ovs_mock import BackgroundMock, BackgroundPublisher, Settings
    from ovs_common.livekit.client import SdkClient

    def publish(mock):
        key = {"Authorization": f"Bearer {mock.api_key}"}
        created = httpx.post(mock.v1beta + "/streams", headers=key).json()
        publisher = BackgroundPublisher(created["publish"]["url"], created["publish"]["token"]).start()
        publisher.publish_generated()
        mock.wait_for_frames(created["id"])
        print(SdkClient.running().pid, flush=True)
        return publisher

    mock = BackgroundMock(Settings(seed=1)).start()
"""
ENDS = {
    "normally, in the room": ("publish(mock)", 0),
    "normally, having left": ("publish(mock).stop()\nmock.stop()", 0),
    "by an exception in the room": ("publish(mock)\nraise ValueError", 1),
    "by Ctrl-C": ("publish(mock)\nos.kill(os.getpid(), signal.SIGINT)\nsignal.pause()", -signal.SIGINT),
    "by a signal": ("publish(mock)\nos.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    "at once": ("publish(mock)\nos._exit(7)", 7),
}


def ran(code: str) -> "subprocess.CompletedProcess[str]":
    script = textwrap.dedent(PUBLISHES) + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("how", ENDS)
def test_a_process_that_published_ends_as_any_other_and_nothing_is_left(how: str) -> None:
    code, status = ENDS[how]
    done = ran(code)
    assert done.returncode == status, done.stderr
    assert has_ended(int(done.stdout))


def test_a_fork_does_not_speak_for_the_process_that_it_came_from() -> None:
    code = """
    publisher = publish(mock)
    if (child := os.fork()) == 0:
        try:
            SdkClient.running().close()
            publisher.publisher._session._client.send({"session": 1, "do": "leave"})
        except Exception as error:
            os._exit(11 if "a fork of the one that joined" in str(error) else 12)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 11
    assert publisher.disconnect_reason is None
    publisher.stop()
    """
    done = ran(code)
    assert done.returncode == 0, done.stderr
