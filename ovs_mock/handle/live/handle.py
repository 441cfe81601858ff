"""The handle on a server that is no mock."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from ovs_mock.engine.billing import MICROCENTS_PER_CENT
from ovs_mock.engine.instants import seconds
from ovs_mock.handle.live.aio import AsyncLiveHandle
from ovs_mock.handle.live.journal import EVERY, LiveJournal
from ovs_mock.handle.live.mock_only import ACCOUNTS, CLOCK, FRAMES, SCRIPTS, MockOnly, Skip
from ovs_mock.handle.live.relay import RelayConnection
from ovs_mock.handle.live.stream import LiveStream
from ovs_mock.handle.local import Ovs
from ovs_mock.handle.views import StreamOverError, StreamView
from ovs_mock.journal.bill import Bill, BillLine
from ovs_mock.journal.journal import Journal
from ovs_mock.journal.leaks import Leak, LeakKind, leaks
from ovs_mock.runtime.clock import real_micros
from ovs_mock.util.loop_thread import LoopThread, blocking_hint
from ovs_mock.util.tracebacks import is_user_error

if TYPE_CHECKING:
    from ovs_mock.interception.interception import Interception

__tracebackhide__ = is_user_error


class LiveHandle(Ovs):
    """What ``ovs`` is for ``--ovs-target=live`` or a URL. Calls go through ``relay``; ``skip`` never returns."""

    def __init__(self, relay: RelayConnection, skip: Skip) -> None:
        # All that the mock's own handle stands on is not there.
        self._relay = relay
        self._thread = LoopThread("hand of ovs-mock")
        self._door: _InterceptionTarget | None = None
        self._journal = LiveJournal(lambda: list(relay.request("look")["entries"]))
        self.skip = skip

    tenant: Any = MockOnly("the mock")
    model: Any = MockOnly(SCRIPTS)
    faults: Any = MockOnly("a server that goes wrong on purpose")
    streams: Any = MockOnly("a server that lists its streams")
    livekit_url: Any = MockOnly("an answer that names it: take it from the stream that was created")
    advance: Any = MockOnly(CLOCK)
    advance_to_next: Any = MockOnly(CLOCK)
    reset: Any = MockOnly("a server that can begin again")
    play: Any = MockOnly(FRAMES)
    push_frames: Any = MockOnly(FRAMES)
    set_model_status: Any = MockOnly(ACCOUNTS)
    set_credits: Any = MockOnly(ACCOUNTS)
    balance: Any = MockOnly(ACCOUNTS)
    register_key: Any = MockOnly(ACCOUNTS)
    register_key_without_user: Any = MockOnly(ACCOUNTS)
    set_draining: Any = MockOnly(ACCOUNTS)
    revoke: Any = MockOnly(ACCOUNTS)
    run: Any = MockOnly("an event loop of the mock's own")

    @property
    def target(self) -> str:
        """``live``, or the URL that was given."""
        return self._relay.target

    @property
    def url(self) -> str:
        return self._relay.url

    @property
    def api_key(self) -> str:
        """A stand-in: the relay puts the real key in its place."""
        return self._relay.api_key

    @property
    def aio(self) -> AsyncLiveHandle:
        return AsyncLiveHandle(self._started(), self, self.skip)

    @property
    def journal(self) -> Journal:
        """What has gone through the relay."""
        return self._journal

    @property
    def bill(self) -> Bill:
        """About what this test has cost, as nearly as it can be told from outside."""
        cents = float(self._relay.request("look")["cents"])
        return Bill((BillLine("this test, about", round(cents * MICROCENTS_PER_CENT)),) if cents else ())

    @property
    def leaks(self) -> list[Leak]:
        open_ = self._relay.request("look")["open"]
        left = [Leak(LeakKind.STREAM, id_, f"stream {id_} was never closed") for id_ in open_]
        return left + leaks([], self.journal)

    @property
    def rejected_calls(self) -> list[str]:
        """Calls of this test that the budget did not allow."""
        return list(self._relay.request("look")["refusals"])

    @property
    def unused_faults(self) -> list[Any]:
        return []

    @property
    def failures(self) -> list[BaseException]:
        return []

    def consume_failures(self) -> list[BaseException]:
        return []

    def now(self) -> float:
        """Real time, in seconds since the Unix epoch."""
        return seconds(real_micros())

    def stream(self, stream_id: str) -> StreamView:
        """A stream as the server tells of it now; what it does not tell skips the test. KeyError as with the mock."""
        return cast(StreamView, self._stream(stream_id))

    def wait_for_frames(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Ask the server until so many frames have come; errors as with the mock.

        v0.2 tells no number: there it is the first frame, and then the time that the others take.
        """
        first_seen = 0.0

        def came() -> int:
            nonlocal first_seen
            stream = self._stream(stream_id)
            if not stream.running:
                raise StreamOverError(f"stream {stream_id} ended before {count} frames had come")
            told: int = stream.frames_received
            if stream.version != "v0.2" or not told:
                return told
            first_seen = first_seen or self.now()
            return 1 + int((self.now() - first_seen) * max(stream.fps, 1.0))

        self.wait_until(lambda: came() >= count, timeout=timeout, description=f"{count} frames of stream {stream_id}")
        return self.stream(stream_id)

    def wait_for_watchers(self, stream_id: str, count: int = 1, *, timeout: float = 10.0) -> StreamView:
        """Wait until so many sockets have said who they are, and are open: whether they may watch is not seen here."""
        self.wait_until(
            lambda: self._journal.watchers(stream_id) >= count,
            timeout=timeout,
            description=f"{count} sockets of stream {stream_id}",
        )
        return self.stream(stream_id)

    def wait_until(
        self,
        condition: Callable[[], bool],
        *,
        timeout: float = 10.0,
        description: str = "the condition",
        actual: Callable[[], str] = lambda: "it does not hold",
    ) -> None:
        """Wait in real time until ``holds()``, which is tried a few times a second."""
        from threading import Event

        until = self.now() + timeout
        while not condition():
            if self.now() > until:
                raise TimeoutError(f"waited {timeout:g} s for {description}: {actual()}{blocking_hint()}")
            Event().wait(EVERY)

    def intercept(self, *more_hosts: str) -> "Interception":
        """``https://api.overshoot.ai`` leads to the relay, so that what is made there is noted and ended."""
        from ovs_mock.interception.interception import Interception

        if self._door is None:
            self._door = _InterceptionTarget(self.url, self.api_key, self._started())
        return Interception(self._door, self._door.tls, ("api.overshoot.ai", *more_hosts))

    def close(self) -> list[str]:
        """End what the test has left open; the ids of streams that could not be ended."""
        self._thread.stop()
        return list(self._relay.request("end")["left"])

    def _started(self) -> LoopThread:
        if not self._thread.running:
            self._thread.start()
        return self._thread

    def _stream(self, stream_id: str) -> LiveStream:
        told = self._relay.request("status", stream=stream_id)
        if told["version"] is None:
            raise KeyError(f"no stream {stream_id!r} was made by these tests")
        known = told["status"] == 200
        return LiveStream(stream_id, told["version"], told["body"] if known else None, self.skip)


class _InterceptionTarget:
    """Who is called in an interception."""

    def __init__(self, url: str, api_key: str, loop: LoopThread) -> None:
        from ovs_mock.handle.live.tls import TlsProxy

        self.tls = TlsProxy(url)
        self.url = url
        self.api_key = api_key
        self.run = loop.run
