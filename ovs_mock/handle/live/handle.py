"""The handle on a target that is not a mock."""

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Any, Unpack, cast

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.instants import seconds
from ovs_mock.engine.service import Service
from ovs_mock.handle.live.aio import AsyncLiveHandle
from ovs_mock.handle.live.journal import POLL_INTERVAL, LiveJournal
from ovs_mock.handle.live.mock_only import ADMIN, CLOCK, FRAMES, SCRIPTS, MockOnly, Skip
from ovs_mock.handle.live.relay import RelayConnection
from ovs_mock.handle.live.stream import LiveStream
from ovs_mock.handle.local import Ovs
from ovs_mock.handle.options import WaitOptions
from ovs_mock.handle.views import StreamOverError, StreamView
from ovs_mock.journal.bill import Bill, BillLine
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import Leak, LeakKind, find_leaks
from ovs_mock.runtime.clock import real_micros
from ovs_mock.util.loop_thread import LoopThread, blocking_hint
from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    from ovs_mock.interception.interception import Interception

__tracebackhide__ = is_user_error


class LiveHandle(Ovs):
    """The handle on production or another server: the fixture ``ovs`` with ``--ovs-target=live`` or a URL.

    Calls go through a relay, which records them. What only a mock has skips the test.

    Args:
        relay: The connection to the relay.
        skip: Called with the reason to skip the test; does not return.
    """

    def __init__(self, relay: RelayConnection, skip: Skip) -> None:
        # Without super().__init__(): there is no server and no tenant in this process.
        self._relay = relay
        self._thread = LoopThread("live handle")
        self._intercepted: _InterceptedRelay | None = None
        self._journal = LiveJournal(lambda: list(relay.request("report")["entries"]))
        self.skip = skip

    tenant: Any = MockOnly("the mock")
    model: Any = MockOnly(SCRIPTS)
    faults: Any = MockOnly("fault injection")
    streams: Any = MockOnly("a server that lists its streams")
    livekit_url: Any = MockOnly("the mock: read the URL in the answer that created the stream")
    advance: Any = MockOnly(CLOCK)
    advance_to_next: Any = MockOnly(CLOCK)
    reset: Any = MockOnly("a server that can be reset")
    play: Any = MockOnly(FRAMES)
    push_frames: Any = MockOnly(FRAMES)
    set_model_status: Any = MockOnly(ADMIN)
    set_credits: Any = MockOnly(ADMIN)
    balance: Any = MockOnly(ADMIN)
    register_key: Any = MockOnly(ADMIN)
    register_key_without_user: Any = MockOnly(ADMIN)
    set_draining: Any = MockOnly(ADMIN)
    revoke: Any = MockOnly(ADMIN)
    run: Any = MockOnly("the mock's event loop")

    @property
    def target(self) -> str:
        """``live``, or the URL that was given."""
        return self._relay.target

    @property
    def url(self) -> str:
        """URL of the relay."""
        return self._relay.url

    @property
    def api_key(self) -> str:
        """A placeholder that the relay replaces with the real key."""
        return self._relay.api_key

    @property
    def aio(self) -> AsyncLiveHandle:
        """The async API, without what only a mock has."""
        return AsyncLiveHandle(self._started_thread(), self, self.skip)

    @property
    def journal(self) -> Journal:
        """What has gone through the relay: requests, sockets and messages."""
        return self._journal

    @property
    def bill(self) -> Bill:
        """An estimate of what this test has cost, from the calls that it made."""
        cents = float(self._relay.request("report")["cents"])
        return Bill((BillLine("this test, about", round(cents * MICROCENTS_PER_CENT)),) if cents else ())

    @property
    def leaks(self) -> list[Leak]:
        """Streams that this test has left open, and what the relay's journal shows beside."""
        open_streams = self._relay.request("report")["open"]
        left = [Leak(LeakKind.STREAM, id_, f"stream {id_} was never closed") for id_ in open_streams]
        return left + find_leaks([], self.journal)

    @property
    def rejected_calls(self) -> list[str]:
        """Calls of this test that the relay rejected, because they would have exceeded the budget."""
        return list(self._relay.request("report")["refusals"])

    @property
    def unused_faults(self) -> list[Any]:
        """Always empty."""
        return []

    @property
    def failures(self) -> list[BaseException]:
        """Always empty."""
        return []

    def consume_failures(self) -> list[BaseException]:
        """Does nothing: ``failures`` is always empty.

        Returns:
            An empty list.
        """
        return []

    def now(self) -> float:
        """Read the machine's clock.

        Returns:
            Seconds since the Unix epoch.
        """
        return seconds(real_micros())

    def stream(self, stream_id: str) -> StreamView:
        """Ask the server for the status of a stream. An attribute that the status lacks skips the test.

        Args:
            stream_id: Id of a stream that a test of this run has created.

        Returns:
            A snapshot of the stream.

        Raises:
            KeyError: No test of this run has created such a stream.
        """
        return cast(StreamView, self._stream(stream_id))

    def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_frames``, by asking the server several times a second.

        The status of v0.2 has no number of frames: there it waits for the first frame, and then for the time that the
        others take at the stream's frame rate.
        """
        first_frame_at = 0.0

        def received() -> int:
            nonlocal first_frame_at
            stream = self._stream(stream_id)
            if not stream.running:
                raise StreamOverError(f"stream {stream_id} ended before it had received {count} frames")
            frames: int = stream.frames_received
            if stream.service is not Service.RESULTS or not frames:
                return frames
            first_frame_at = first_frame_at or self.now()
            return 1 + int((self.now() - first_frame_at) * max(stream.fps, 1.0))

        description = f"{count} frames of stream {stream_id}"
        self.wait_until(lambda: received() >= count, timeout=timeout, description=description)
        return self.stream(stream_id)

    def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """As ``Ovs.wait_for_watchers``. Counts open sockets that have sent their key, valid or not."""
        description = f"{count} sockets of stream {stream_id}"
        watching = self._journal.watchers
        self.wait_until(lambda: watching(stream_id) >= count, timeout=timeout, description=description)
        return self.stream(stream_id)

    def wait_until(self, condition: Callable[[], bool], **options: Unpack[WaitOptions]) -> None:
        """As ``Ovs.wait_until``: the condition is checked several times a second, on the calling thread."""
        timeout = options.get("timeout", 10.0)
        deadline = self.now() + timeout
        while not condition():
            if self.now() > deadline:
                description = options.get("description", "the condition")
                actual = options["actual"]() if "actual" in options else "it does not hold"
                raise TimeoutError(f"waited {timeout:g} s for {description}: {actual}{blocking_hint()}")
            Event().wait(POLL_INTERVAL)

    def intercept(self, *more_hosts: str) -> "Interception":
        """As ``Ovs.intercept``: redirects to the relay, which ends the streams that are created through it."""
        from ovs_mock.interception.interception import Interception

        if self._intercepted is None:
            self._intercepted = _InterceptedRelay(self.url, self.api_key, self._started_thread())
        return Interception(self._intercepted, self._intercepted.tls, ("api.overshoot.ai", *more_hosts))

    def close(self) -> list[str]:
        """End the streams that the test has left open.

        Returns:
            Ids of streams that could not be ended.
        """
        self._thread.stop()
        return list(self._relay.request("end")["left"])

    def _started_thread(self) -> LoopThread:
        if not self._thread.running:
            self._thread.start()
        return self._thread

    def _stream(self, stream_id: str) -> LiveStream:
        answer = self._relay.request("status", stream=stream_id)
        if answer["version"] is None:
            raise KeyError(f"no stream {stream_id!r} was made by these tests")
        known = answer["status"] == 200
        return LiveStream(stream_id, answer["version"], answer["body"] if known else None, self.skip)


class _InterceptedRelay:
    """What an interception redirects to."""

    def __init__(self, url: str, api_key: str, thread: LoopThread) -> None:
        from ovs_mock.handle.live.tls import TlsProxy

        self.tls = TlsProxy(url)
        self.url = url
        self.api_key = api_key
        self.run = thread.run
